import { PosternError } from '@postern/core';

/** Lets others wait for the next change of something. */
export class Waiters {
  readonly #wakes = new Set<() => void>();
  readonly #what: string;

  /** @param what is waited for, for the message of a wait that is cancelled */
  constructor(what: string) {
    this.#what = what;
  }

  get size(): number {
    return this.#wakes.size;
  }

  wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  /** @throws PosternError `cancelled` */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#wakes.delete(wake);
        signal.removeEventListener('abort', onAbort);
      };
      const wake = (): void => {
        leave();
        resolve();
      };
      const onAbort = (): void => {
        leave();
        reject(new PosternError('cancelled', `The wait for ${this.#what} was cancelled`));
      };
      this.#wakes.add(wake);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
