import { imageSlotsError } from './errors.ts';

/**
 * What separates one power cycle from the next: after {@link close} nothing of the old cycle can write any more, so
 * that a late write cannot overwrite what the next cycle has written.
 */
export class PowerFence {
  #closed = false;
  readonly #running = new Set<Promise<unknown>>();

  /** @throws PosternError `powered-off` after {@link close} */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw imageSlotsError('powered-off', 'The target was switched off');
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Lets nothing new begin and waits for what has begun. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }
}
