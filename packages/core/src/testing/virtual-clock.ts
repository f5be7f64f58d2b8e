import type { Clock, Timer } from '../clock.ts';
import { type Duration, Instant, Milliseconds } from '../duration.ts';

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to move. Timers fire in order of due time, then of creation. */
export class VirtualClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  /** @param start wall-clock time at which the clock begins */
  constructor(start: Instant = Instant(Date.UTC(2030, 0, 1))) {
    this.#start = start;
  }

  /** In whole milliseconds, like the system clock's. */
  now(): Instant {
    return Instant(Math.floor(this.#start + this.#elapsed));
  }

  monotonic(): Duration {
    return Milliseconds(this.#elapsed);
  }

  schedule(delay: Duration, callback: () => void): Timer {
    const entry = { due: this.#elapsed + Math.max(delay, 0), order: this.#order++, callback };
    this.#pending.add(entry);
    return { cancel: () => this.#pending.delete(entry) };
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Moves on by `duration`, firing what falls due and letting promises settle in between. */
  async advance(duration: Duration): Promise<void> {
    const end = this.#elapsed + duration;
    await settle();
    for (let next = this.#next(); next !== undefined && next.due <= end; next = this.#next()) {
      this.#fire(next);
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }

  /** Jumps to the next timer and fires it. Returns false when none waits. */
  async advanceToNext(): Promise<boolean> {
    await settle();
    const next = this.#next();
    if (next === undefined) return false;
    this.#fire(next);
    await settle();
    return true;
  }

  #fire(entry: Pending): void {
    this.#pending.delete(entry);
    this.#elapsed = Math.max(this.#elapsed, entry.due);
    entry.callback();
  }

  #next(): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.#pending) {
      if (
        best === undefined ||
        entry.due < best.due ||
        (entry.due === best.due && entry.order < best.order)
      ) {
        best = entry;
      }
    }
    return best;
  }
}

/** Lets already-resolved promise chains run to their end. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
