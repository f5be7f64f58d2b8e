import { throwIfCancelled } from '@postern/core';

/** Admits a bounded number at a time, in the order in which they came. */
export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs `work` as soon as there is a slot.
   *
   * @throws the signal's reason or `cancelled` when it aborts before that, or what `work` throws
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const admitted = await this.#enter(signal);
    try {
      throwIfCancelled(signal);
      return await work();
    } finally {
      if (admitted) this.#leave();
    }
  }

  /** Resolves to whether a slot was had before the signal aborted. */
  #enter(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted || this.#free > 0) {
        if (!signal.aborted) this.#free -= 1;
        resolve(!signal.aborted);
        return;
      }
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.#queue.splice(this.#queue.indexOf(admit), 1);
        resolve(false);
      };
      this.#queue.push(admit);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
