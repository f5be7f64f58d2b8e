import { type Clock, type Duration, Milliseconds } from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';

/**
 * Virtual time that moves while somebody outside waits, and only then: from event to event, as fast as the work is done.
 * Waiting is a timer of {@link VirtualTime.clock}, or a promise given to {@link VirtualTime.during}.
 */
export class VirtualTime {
  /** What expectations take: its timers make time move until they are fired or cancelled. */
  readonly clock: Clock;
  readonly #virtual: VirtualClock;
  #waiting = 0;
  #moving = false;

  constructor(virtual: VirtualClock) {
    this.#virtual = virtual;
    this.clock = {
      now: () => virtual.now(),
      monotonic: () => virtual.monotonic(),
      schedule: (delay, callback) => {
        const done = this.#wait();
        const timer = virtual.schedule(Milliseconds(Math.ceil(delay)), () => {
          done();
          callback();
        });
        return {
          cancel: () => {
            timer.cancel();
            done();
          },
        };
      },
    };
  }

  /** Moves until the promise has settled. */
  async during<T>(work: Promise<T>): Promise<T> {
    const done = this.#wait();
    try {
      return await work;
    } finally {
      done();
    }
  }

  async advance(duration: Duration): Promise<void> {
    await this.#virtual.advance(duration);
  }

  #wait(): () => void {
    this.#waiting += 1;
    let isOver = false;
    void this.#move();
    return () => {
      if (isOver) return;
      isOver = true;
      this.#waiting -= 1;
    };
  }

  async #move(): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    try {
      // What needs no time is done before any passes.
      await Promise.resolve();
      while (this.#waiting > 0 && (await this.#virtual.advanceToNext()));
    } finally {
      this.#moving = false;
    }
  }
}
