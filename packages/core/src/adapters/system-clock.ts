import type { Clock } from '../clock.ts';
import { Instant, Milliseconds } from '../duration.ts';

/** Node refuses longer timers (they would fire at once). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Instant(Date.now()),
  monotonic: () => Milliseconds(performance.now()),
  schedule: (delay, callback, options) => {
    const timer = setTimeout(callback, Math.min(Math.max(delay, 0), LONGEST_TIMER));
    if (options?.background) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
