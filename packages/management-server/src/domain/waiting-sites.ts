/**
 * Which intermediaries have open requests, in memory: what makes an idle poll cost no read. Loaded from the database
 * at the start and changed only after a commit.
 */
export class WaitingSites {
  readonly #names: Set<string>;
  readonly #onWaiting = new Set<(intermediary: string) => void>();

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  has(intermediary: string): boolean {
    return this.#names.has(intermediary);
  }

  /** Notes whether anything waits for the intermediary, and wakes its held poll if so. */
  set(intermediary: string, waiting: boolean): void {
    if (!waiting) {
      this.#names.delete(intermediary);
      return;
    }
    this.#names.add(intermediary);
    for (const listener of this.#onWaiting) listener(intermediary);
  }

  /** Calls `listener` whenever something waits for an intermediary. */
  onWaiting(listener: (intermediary: string) => void): void {
    this.#onWaiting.add(listener);
  }
}
