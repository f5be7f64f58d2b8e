import type { Clock } from '../clock.ts';
import { Instant, Milliseconds } from '../duration.ts';

/** Node refuses longer timers (they would fire at once): they are set again until their time has come. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Instant(Date.now()),
  monotonic: () => Milliseconds(performance.now()),
  schedule: (delay, callback, options) => {
    let timer: NodeJS.Timeout;
    const arm = (rest: number): void => {
      const step = Math.min(Math.max(rest, 0), LONGEST_TIMER);
      timer = setTimeout(() => (rest > step ? arm(rest - step) : callback()), step);
      if (options?.background) timer.unref();
    };
    arm(delay);
    return { cancel: () => clearTimeout(timer) };
  },
};
