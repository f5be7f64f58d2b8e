import type { Clock, Duration } from '@postern/core';

/** Why a held poll is answered: something waits for the intermediary, or it has been held long enough. */
export type HeldOutcome = 'waiting' | 'over';

/** Polls that are held open because nothing waits for their intermediary: at most one each, and a limit for all. */
export class HeldPolls {
  readonly #held = new Map<string, (outcome: HeldOutcome) => void>();
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
   * Holds a poll until something waits, the time is over, a newer poll of the same intermediary ends it, or the
   * signal aborts. Resolves at once when no further poll can be held.
   */
  hold(intermediary: string, atMost: Duration, signal: AbortSignal): Promise<HeldOutcome> {
    this.end(intermediary);
    if (signal.aborted || atMost <= 0 || this.isFull) return Promise.resolve('over');
    return new Promise((resolve) => {
      const finish = (outcome: HeldOutcome): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        // A newer poll may stand in this one's place already.
        if (this.#held.get(intermediary) === finish) this.#held.delete(intermediary);
        resolve(outcome);
      };
      const onAbort = (): void => finish('over');
      const timer = this.#clock.schedule(atMost, onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#held.set(intermediary, finish);
    });
  }

  /** Something waits for the intermediary. */
  wake(intermediary: string): void {
    this.#held.get(intermediary)?.('waiting');
  }

  /** Ends the intermediary's held poll with nothing, because a newer one has come. */
  end(intermediary: string): void {
    this.#held.get(intermediary)?.('over');
  }
}
