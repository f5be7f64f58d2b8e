import { PosternError } from '@postern/core';

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
   * @throws PosternError `cancelled` when the signal aborts before that, or what `work` throws
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new PosternError('cancelled', 'Cancelled while waiting for a slot'));
        return;
      }
      if (this.#free > 0) {
        this.#free -= 1;
        resolve();
        return;
      }
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(new PosternError('cancelled', 'Cancelled while waiting for a slot'));
      };
      this.#queue.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
