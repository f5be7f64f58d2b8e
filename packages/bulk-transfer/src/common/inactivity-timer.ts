import { type Clock, type Duration, Milliseconds, type Timer } from '@postern/core';

/**
 * Expires when nothing was heard for a while. Being touched costs one reading of the clock: the timer is
 * moved only when it fires, so a busy connection schedules once per limit and not once per command.
 */
export class InactivityTimer {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  #limit: Duration;
  #last: Duration;
  #timer: Timer | undefined;

  constructor(clock: Clock, limit: Duration, onExpired: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onExpired = onExpired;
    this.#last = clock.monotonic();
    this.#arm(limit);
  }

  /** Begins the wait anew. */
  touch(): void {
    this.#last = this.#clock.monotonic();
  }

  /** Begins the wait anew, with another limit. */
  restart(limit: Duration): void {
    this.stop();
    this.#limit = limit;
    this.touch();
    this.#arm(limit);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delay: Duration): void {
    this.#timer = this.#clock.schedule(delay, () => this.#check(), { background: true });
  }

  #check(): void {
    const left = this.#last + this.#limit - this.#clock.monotonic();
    if (left > 0) this.#arm(Milliseconds(left));
    else this.#onExpired();
  }
}
