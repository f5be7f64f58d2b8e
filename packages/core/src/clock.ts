import type { Duration, Instant } from './duration.ts';

/** A pending timer. Cancelling one that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. Production uses the system clock; tests and simulation a virtual one.
 * Clocks are per node: certificate validity and deadlines cross tiers, so each tier is given its own.
 */
export interface Clock {
  /** Wall-clock time; may jump. For records and expiry that must outlive the process. */
  now(): Instant;
  /** Milliseconds that never go backwards. For measuring. */
  monotonic(): Duration;
  /** Runs `callback` once after `delay`. The timer does not keep the process alive when `background` is set. */
  schedule(delay: Duration, callback: () => void, options?: { background?: boolean }): Timer;
}
