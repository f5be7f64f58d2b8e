import {
  type Clock,
  type Duration,
  errorMessage,
  type Instant,
  type Logger,
  type Timer,
} from '@postern/core';
import type { Stores } from './ports.ts';

export interface LastSeenParts {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long news is collected before it is written. */
  readonly writeEvery: Duration;
}

/** When each intermediary called last: in memory at once, on disk now and then, so that a poll costs no write. */
export class LastSeen {
  readonly #parts: LastSeenParts;
  readonly #seen = new Map<string, Instant>();
  readonly #unwritten = new Map<string, Instant>();
  #timer: Timer | undefined;

  constructor(parts: LastSeenParts) {
    this.#parts = parts;
    for (const { intermediary, lastSeen } of parts.stores.sites.all()) {
      if (lastSeen !== undefined) this.#seen.set(intermediary, lastSeen);
    }
  }

  get(intermediary: string): Instant | undefined {
    return this.#seen.get(intermediary);
  }

  /** Every intermediary that has ever called, by name. */
  get all(): readonly { readonly intermediary: string; readonly at: Instant }[] {
    return [...this.#seen]
      .map(([intermediary, at]) => ({ intermediary, at }))
      .sort((left, right) => (left.intermediary < right.intermediary ? -1 : 1));
  }

  note(intermediary: string): void {
    const { clock, writeEvery } = this.#parts;
    const now = clock.now();
    this.#seen.set(intermediary, now);
    this.#unwritten.set(intermediary, now);
    this.#timer ??= clock.schedule(writeEvery, () => this.write(), { background: true });
  }

  /** Writes what is new as one transaction; a failure is logged, and the next write tries again. */
  write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#unwritten.size === 0) return;
    try {
      this.#parts.stores.sites.saveLastSeen(this.#unwritten);
      this.#unwritten.clear();
    } catch (error) {
      this.#parts.logger.error('The times of last contact could not be written', {
        error: errorMessage(error),
      });
    }
  }
}
