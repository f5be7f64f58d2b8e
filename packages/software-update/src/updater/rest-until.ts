import { type Clock, type Duration, type Instant, Milliseconds } from '@postern/core';

/**
 * How long to wait until a stored time.
 *
 * @param atMost how far away the time can have been when it was stored: a clock that was set back since says more
 */
export const restUntil = (time: Instant | undefined, clock: Clock, atMost: Duration): Duration =>
  Milliseconds(Math.min(Math.max((time ?? 0) - clock.now(), 0), atMost));
