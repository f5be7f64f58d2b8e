import { type Clock, type Logger, Seconds, type Timer } from '@postern/core';
import { type IntermediaryDatabase, scrub } from './database/open.ts';

/** Credentials of updates that end at about the same time are wiped together. */
const DELAY = Seconds(1);

/**
 * Sees to it that a forgotten credential leaves the database's files within a second.
 *
 * @spec U13
 */
export const forgetting = (database: IntermediaryDatabase, clock: Clock, logger: Logger) => {
  let timer: Timer | undefined;
  const wipe = (): void => {
    timer = undefined;
    try {
      scrub(database);
    } catch (error) {
      logger.error('The write-ahead log could not be emptied; an erased password may still be in it', {
        error,
      });
    }
  };
  return {
    soon: (): void => {
      timer ??= clock.schedule(DELAY, wipe, { background: true });
    },
    now: (): void => {
      timer?.cancel();
      wipe();
    },
  };
};
