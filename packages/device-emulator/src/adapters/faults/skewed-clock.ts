import { after, type Clock, Milliseconds } from '@postern/core';
import type { CurrentFaults } from '../../domain/faults.ts';

/** A clock with the fault `clockOffset`: it tells another time of day, but runs at the same pace. */
export const skewedClock = (clock: Clock, faults: CurrentFaults): Clock => ({
  now: () => after(clock.now(), faults().clockOffset ?? Milliseconds(0)),
  monotonic: () => clock.monotonic(),
  schedule: (delay, callback, options) => clock.schedule(delay, callback, options),
});
