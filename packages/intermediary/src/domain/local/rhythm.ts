import { after, errorMessage, Instant, Milliseconds } from '@postern/core';
import { readCron } from './cron.ts';
import { readPeriod } from './period.ts';

/** When a scheduled task is due. */
export interface Rhythm {
  /**
   * The first time after `now`.
   *
   * @param due when it is or was due, by which a period keeps its grid; it begins now unless given
   */
  next(now: Instant, due?: Instant): Instant;
}

/** No cron expression, whatever else is wrong with it. */
const LIKE_A_PERIOD = /^(?:every\b|P)/;

/** What an expression says, or why it says nothing. */
export type ReadRhythm = { readonly rhythm: Rhythm } | { readonly mistake: string };

/**
 * Reads when a task is due: a period (`every SECONDS`, `PT6H`), or a cron expression of five fields, which means the
 * clock of `timeZone`.
 */
export const readRhythm = (expression: string, timeZone: string): ReadRhythm => {
  const period = readPeriod(expression);
  if (period !== undefined) {
    const grid = (now: Instant, due: Instant): Instant =>
      after(due, Milliseconds((Math.floor((now - due) / period) + 1) * period));
    return { rhythm: { next: (now, due) => grid(now, due ?? now) } };
  }
  if (LIKE_A_PERIOD.test(expression)) return { mistake: 'a period is between a second and a year' };
  try {
    const next = readCron(expression, timeZone);
    // Some expressions are well formed and name no day at all: 30 February.
    next(Instant(0));
    return { rhythm: { next } };
  } catch (error) {
    return { mistake: errorMessage(error).replace(/^CronPattern: /, '') };
  }
};

/** For configurations and orders: what is wrong with an expression; undefined when nothing is. */
export const rhythmMistake = (expression: string, timeZone = 'UTC'): string | undefined => {
  const read = readRhythm(expression, timeZone);
  return 'mistake' in read ? read.mistake : undefined;
};
