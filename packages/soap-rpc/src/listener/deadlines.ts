import { type Clock, type Duration, Milliseconds } from '@postern/core';

/** Something that must be over when its time comes. */
export interface Deadline {
  /** On the monotonic clock. */
  readonly due: number;
  readonly onLate: () => void;
}

/**
 * Many deadlines of one length. They come due in the order in which they were set, so one timer, armed for the
 * oldest, serves them all: a request that ends in time costs no timer of its own.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #length: Duration;
  /** Oldest first. */
  readonly #open = new Set<Deadline>();
  #armed = false;

  constructor(clock: Clock, length: Duration) {
    this.#clock = clock;
    this.#length = length;
  }

  /** Calls `onLate` once, unless {@link met} comes first. */
  set(onLate: () => void): Deadline {
    const deadline = { due: this.#clock.monotonic() + this.#length, onLate };
    this.#open.add(deadline);
    if (!this.#armed) this.#arm(this.#length);
    return deadline;
  }

  met(deadline: Deadline): void {
    this.#open.delete(deadline);
  }

  #arm(delay: Duration): void {
    this.#armed = true;
    this.#clock.schedule(delay, () => this.#check(), { background: true });
  }

  #check(): void {
    this.#armed = false;
    const now = this.#clock.monotonic();
    for (const deadline of this.#open) {
      if (deadline.due > now) {
        this.#arm(Milliseconds(Math.ceil(deadline.due - now)));
        return;
      }
      this.#open.delete(deadline);
      deadline.onLate();
    }
  }
}
