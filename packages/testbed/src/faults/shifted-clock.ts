import { after, type Clock, type Duration, Milliseconds } from '@postern/core';

/** A clock that can be set to another time of day while it runs; its pace stays. */
export interface ShiftedClock extends Clock {
  /** Ahead of the clock behind it by so much (negative: behind it). */
  shift(offset: Duration): void;
}

export const shiftedClock = (clock: Clock): ShiftedClock => {
  let offset = Milliseconds(0);
  return {
    now: () => after(clock.now(), offset),
    monotonic: () => clock.monotonic(),
    schedule: (delay, callback, options) => clock.schedule(delay, callback, options),
    shift: (by) => {
      offset = by;
    },
  };
};
