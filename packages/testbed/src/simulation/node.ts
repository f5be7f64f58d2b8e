import { type Clock, type Logger, Seconds } from '@postern/core';
import type { Chance } from './chance.ts';
import { Life } from './life.ts';

export interface NodeOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  /** Draws whether the node dies at a boundary. */
  readonly mayDie: (node: string, boundary: string) => boolean;
  /** Starts the node's program in a new life; what it needs from the one before is in its stores. */
  readonly boot: (life: Life) => Promise<void>;
}

const LONGEST_DARKNESS_SECONDS = 120;

/** A node that may die at any boundary and comes back by itself, from what it had made durable. */
export class SimulatedNode {
  readonly #options: NodeOptions;
  #life: Life | undefined;
  /** What a program failed with on its own: never expected. */
  failure: unknown;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The present life; none while the node is down. */
  get life(): Life | undefined {
    return this.#life?.alive === true ? this.#life : undefined;
  }

  start(): void {
    const { clock, chance, mayDie, boot, name } = this.#options;
    const life = new Life(clock, (boundary) => mayDie(name, boundary));
    this.#life = life;
    void life.ended.then(() =>
      clock.schedule(Seconds(chance.between(1, LONGEST_DARKNESS_SECONDS)), () => this.start()),
    );
    boot(life).catch((error: unknown) => {
      if (life.alive) this.failure = error;
    });
  }
}
