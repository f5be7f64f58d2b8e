import { errorCode, Seconds, sleep, systemClock } from '@postern/core';

/** How often in a row the server may be out of reach before it is given up, and the pause in between. */
const MOST_FAILURES = 60;
const PAUSE = Seconds(1);

/**
 * Asks the server again while it is out of reach: one that restarts is waited for.
 *
 * @throws PosternError `unreachable` when it stays away, `cancelled`, and whatever else `ask` throws
 */
export const patiently = async <T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (errorCode(error, '') !== 'unreachable' || failures > MOST_FAILURES) throw error;
      await sleep(systemClock, PAUSE, signal);
    }
  }
};
