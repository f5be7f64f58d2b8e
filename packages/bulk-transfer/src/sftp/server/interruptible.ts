import { throwIfCancelled } from '@postern/core';

/**
 * Calls, one after the other, that whoever waits can be released from: with one listener for all of them, and not with
 * a signal, a timer and a race for each.
 */
export class Interruptible {
  readonly #signal: AbortSignal;
  #release: (error: unknown) => void = () => {};
  readonly #onAbort = (): void => this.interrupt(this.#signal.reason);

  /** @param signal releases with its reason */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Waits for `work`, no longer than until the next interruption; it may then still be running.
   *
   * @throws whatever `work` threw, the reason of the signal, or what {@link interrupt} was given
   */
  run(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      throwIfCancelled(this.#signal);
      this.#release = reject;
      work().then(resolve, reject);
    });
  }

  /** Releases whoever waits; nobody later. */
  interrupt(error: unknown): void {
    this.#release(error);
  }

  /** Listens no longer. */
  stop(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
