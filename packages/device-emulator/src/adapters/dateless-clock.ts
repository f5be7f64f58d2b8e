import { type Clock, Instant } from '@postern/core';

/** The clock of a device that knows no date: it begins at 1970 with every start, and goes on while the device runs. */
export const datelessClock = (clock: Clock): Clock => {
  const start = clock.monotonic();
  return {
    now: () => Instant(clock.monotonic() - start),
    monotonic: () => clock.monotonic(),
    schedule: (delay, callback, options) => clock.schedule(delay, callback, options),
  };
};
