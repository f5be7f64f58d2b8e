import { type Clock, type Duration, errorCode, type Logger, withDeadline } from '@postern/core';
import type { EngineJobs } from '@postern/software-update';
import type { UpdateGate } from '../domain/updates/update-gate.ts';

export interface SiteIdleOptions {
  readonly gate: UpdateGate;
  /** This intermediary's name: its own update does not wait for itself. */
  readonly name: string;
  /** After this it is not waited any longer: updates of devices survive a restart. */
  readonly patience: Duration;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The jobs of an intermediary are the updates of its devices: none begins from the moment on that the own software waits
 * to be installed, and those under way are waited for, up to a limit.
 *
 * @spec U21 U5
 */
export const siteIdle = ({ gate, name, patience, clock, logger }: SiteIdleOptions): EngineJobs => ({
  holdWhenIdle: async (signal) => {
    const hold = gate.hold(name);
    try {
      await withDeadline(clock, patience, 'The wait for updates of devices', signal, () => hold.idle);
    } catch (error) {
      if (errorCode(error, '') !== 'deadline-exceeded') {
        hold.release();
        throw error;
      }
      logger.warn(
        'The own software is installed although updates of devices are under way: they go on after it',
      );
    }
    return hold;
  },
});
