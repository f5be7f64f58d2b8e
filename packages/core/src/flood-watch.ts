import type { Clock, Timer } from './clock.ts';
import { Milliseconds, Minutes } from './duration.ts';

/** A flood that has ended, or has gone on for so long that it is told of. */
export interface Flood {
  readonly key: string;
  readonly refused: number;
}

interface Watched {
  refused: number;
  readonly since: number;
  timer: Timer | undefined;
}

/** A flood is over when nothing was refused for so long. */
const QUIET = Minutes(1);
const LONGEST = Minutes(15);
/** Floods that are told apart; all beyond are one. */
const MOST_FLOODS = 1_000;
const CROWD = 'others';

/** Counts what is refused for coming too fast, by who sends it, and tells of each flood once: when it is over. */
export class FloodWatch {
  readonly #clock: Clock;
  readonly #onEnd: (flood: Flood) => void;
  readonly #floods = new Map<string, Watched>();

  constructor(clock: Clock, onEnd: (flood: Flood) => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** @returns whether a flood begins with this one */
  refused(by: string): boolean {
    const key = this.#floods.has(by) || this.#floods.size < MOST_FLOODS ? by : CROWD;
    const known = this.#floods.get(key);
    const watched = known ?? { refused: 0, since: this.#clock.monotonic(), timer: undefined };
    watched.refused += 1;
    this.#floods.set(key, watched);
    watched.timer?.cancel();
    const rest = Math.max(watched.since + LONGEST - this.#clock.monotonic(), 0);
    const wait = Milliseconds(Math.min(QUIET, rest));
    watched.timer = this.#clock.schedule(wait, () => this.#end(key), { background: true });
    return known === undefined;
  }

  /** Tells of all floods that go on. */
  close(): void {
    for (const key of [...this.#floods.keys()]) this.#end(key);
  }

  #end(key: string): void {
    const watched = this.#floods.get(key);
    if (watched === undefined) return;
    watched.timer?.cancel();
    this.#floods.delete(key);
    this.#onEnd({ key, refused: watched.refused });
  }
}
