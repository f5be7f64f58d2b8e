import { between, type Clock, type Instant, Minutes } from '@postern/core';

const WINDOW = Minutes(1);
const TRIES_PER_WINDOW = 10;
const MOST_ADDRESSES = 1_000;

/**
 * Counts wrong tokens by remote address. It only keeps the log and the CPU quiet: a token of 256 bits is not
 * guessed, and the right one is always let in, so that nobody can lock the operators out.
 */
export class FailedTries {
  readonly #clock: Clock;
  readonly #tries = new Map<string, { since: Instant; count: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a failed try. @returns whether there have been too many within a minute */
  note(address: string): boolean {
    const now = this.#clock.now();
    const known = this.#tries.get(address);
    const entry =
      known !== undefined && between(known.since, now) < WINDOW ? known : { since: now, count: 0 };
    entry.count += 1;
    // Re-inserted, so that the first key is the address that has been quiet for longest.
    this.#tries.delete(address);
    this.#tries.set(address, entry);
    const [quietest] = this.#tries.keys();
    if (this.#tries.size > MOST_ADDRESSES && quietest !== undefined) this.#tries.delete(quietest);
    return entry.count > TRIES_PER_WINDOW;
  }
}
