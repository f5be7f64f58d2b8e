/** Wakes one waiting loop. A level, not a pulse: a ring before the wait is not lost, several rings are one. */
export class Doorbell {
  #rung = false;
  #waiting: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#waiting?.();
  }

  /** Resolves when it has been rung since the last wait, or when the signal aborts. Never rejects; one waiter at a time. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const leave = (): void => {
        signal.removeEventListener('abort', leave);
        this.#waiting = undefined;
        this.#rung = false;
        resolve();
      };
      if (this.#rung || signal.aborted) {
        leave();
        return;
      }
      this.#waiting = leave;
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
