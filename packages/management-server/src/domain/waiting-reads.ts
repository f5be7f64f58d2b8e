import { type Clock, type Duration, Milliseconds } from '@postern/core';
import { serverError } from '../errors.ts';

/** Who waits for news of something: of a request, an order or an update by its identifier, or of notices. In memory only. */
export class WaitingReads {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #waiting = new Map<string, Set<() => void>>();
  #count = 0;
  #closed = false;

  /** @param most how many may wait at a time */
  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** There is news. Call it after the commit. */
  wake(id: string): void {
    for (const finish of [...(this.#waiting.get(id) ?? [])]) finish();
  }

  /**
   * Waits until `isOver`, which is asked whenever there is news; until the time is over; or until the signal aborts.
   *
   * @throws PosternError `too-many-watchers`
   */
  async until(id: string, isOver: () => boolean, atMost: Duration, signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + atMost;
    while (!isOver() && !signal.aborted && !this.#closed) {
      const left = end - this.#clock.monotonic();
      if (left <= 0) return;
      await this.#news(id, Milliseconds(left), signal);
    }
  }

  /** Everybody is answered with what there is. */
  close(): void {
    this.#closed = true;
    for (const id of [...this.#waiting.keys()]) this.wake(id);
  }

  #news(id: string, atMost: Duration, signal: AbortSignal): Promise<void> {
    if (this.#count >= this.#most) {
      throw serverError('too-many-watchers', `${this.#most} callers wait already`);
    }
    this.#count += 1;
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting);
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', finish);
        if (!waiting.delete(finish)) return;
        this.#count -= 1;
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const timer = this.#clock.schedule(atMost, finish, { background: true });
      signal.addEventListener('abort', finish, { once: true });
      waiting.add(finish);
    });
  }
}
