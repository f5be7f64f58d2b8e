import type { Clock, Duration } from '@postern/core';

/** Polls that are held open because nothing waits for their callers: at most one each, and a limit for all. */
export class HeldPolls {
  readonly #held = new Map<string, () => void>();
  readonly #clock: Clock;
  readonly #most: number;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** No further poll can be held. */
  get isFull(): boolean {
    return this.#held.size >= this.#most;
  }

  /**
   * Holds a poll until something waits, the time is over, a newer poll of the same caller ends it, or the
   * signal aborts. Resolves at once when no further poll can be held.
   */
  hold(caller: string, atMost: Duration, signal: AbortSignal): Promise<void> {
    this.end(caller);
    if (signal.aborted || atMost <= 0 || this.isFull) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', finish);
        // A newer poll may stand in this one's place already.
        if (this.#held.get(caller) === finish) this.#held.delete(caller);
        resolve();
      };
      const timer = this.#clock.schedule(atMost, finish);
      signal.addEventListener('abort', finish, { once: true });
      this.#held.set(caller, finish);
    });
  }

  /** Ends the caller's held poll: something waits for it, or a newer poll has come. */
  end(caller: string): void {
    this.#held.get(caller)?.();
  }
}
