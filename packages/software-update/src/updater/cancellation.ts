/**
 * Holds a cancellation back while nobody can tell whether the device has everything already: one that installs
 * cannot be called off, and an update that was called off must not turn out to be installed.
 */
export interface CancellationHold {
  hold(): void;
  /** From now on a cancellation counts, also one that has come before. */
  release(): void;
}

/** The hold of one running update; it outlasts the tries of a transfer. */
export class CancellationGate implements CancellationHold {
  #held: boolean;
  #check: () => void = () => {};

  constructor(held: boolean) {
    this.#held = held;
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#check();
  }

  /** Calls `onCancel` as soon as a cancellation counts, until `signal` aborts; it may be called again. */
  listen(cancelled: AbortSignal, onCancel: () => void, signal: AbortSignal): void {
    this.#check = () => {
      if (!this.#held && cancelled.aborted && !signal.aborted) onCancel();
    };
    cancelled.addEventListener('abort', this.#check, { once: true, signal });
    this.#check();
  }
}
