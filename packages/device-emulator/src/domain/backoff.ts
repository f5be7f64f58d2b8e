import { type Duration, Milliseconds, Minutes, Seconds } from '@postern/core';

/** The pause after the first failure; it doubles from there. */
const FIRST_PAUSE: Duration = Seconds(1);

/** However long it goes on, a device calls no more often than once in half of this. */
const LONGEST_PAUSE: Duration = Minutes(5);

/**
 * How long to wait before something is tried again: exponential, with the upper half random, so that the devices of
 * a site whose intermediary was down do not all come at the same moment.
 *
 * @param failures so far, at least 1
 * @param fraction random, in [0, 1)
 */
export const pauseAfter = (failures: number, fraction: number): Duration => {
  const whole = Math.min(FIRST_PAUSE * 2 ** Math.min(failures - 1, 30), LONGEST_PAUSE);
  return Milliseconds(whole / 2 + (whole / 2) * fraction);
};
