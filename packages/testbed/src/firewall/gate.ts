import { throwIfCancelled } from '@postern/core';

/** A way that is open or closed; whoever finds it closed may wait. */
export class Gate {
  #closed = false;
  readonly #waiting = new Set<() => void>();

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Calls `wake` once at the next opening. Returns how to take that back. */
  onceOpen(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** Resolves when the gate is open, which it may be already. Rejects with `cancelled`. */
  async opened(signal: AbortSignal): Promise<void> {
    while (this.#closed) {
      throwIfCancelled(signal);
      await new Promise<void>((resolve) => {
        const forget = this.onceOpen(() => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
        const onAbort = (): void => {
          forget();
          resolve();
        };
        signal.addEventListener('abort', onAbort, { once: true });
      });
    }
    throwIfCancelled(signal);
  }
}
