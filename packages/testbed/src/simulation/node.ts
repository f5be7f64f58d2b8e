import { type Duration, Seconds } from '@postern/core';
import { type ShiftedClock, shiftedClock } from '../faults/shifted-clock.ts';
import { Life } from './life.ts';
import type { Tier } from './schedule.ts';
import type { World } from './world.ts';

const LONGEST_DARKNESS_SECONDS = 120;

/** A node that may die at any boundary and comes back by itself, from what it had made durable. */
export class SimulatedNode {
  readonly name: string;
  readonly #world: World;
  readonly #tier: Tier;
  readonly #boot: (life: Life) => Promise<void>;
  readonly #clock: ShiftedClock;
  #life: Life | undefined;
  #darkness: Duration | undefined;
  #held = false;
  /** How often it was started. */
  starts = 0;

  /** @param boot starts the program in a new life; what it needs from the one before is in its stores */
  constructor(world: World, tier: Tier, name: string, boot: (life: Life) => Promise<void>) {
    this.#world = world;
    this.#tier = tier;
    this.name = name;
    this.#boot = boot;
    this.#clock = shiftedClock(world.clock);
  }

  /** The present life; none while the node is down. */
  get life(): Life | undefined {
    return this.#life?.alive === true ? this.#life : undefined;
  }

  start(): void {
    const { mayDie, violate, tell } = this.#world;
    const life = new Life(this.#clock, (boundary) => mayDie(this.#tier, this.name, boundary));
    this.#life = life;
    this.starts += 1;
    tell(`${this.name} starts`);
    void life.ended.then(() => this.#wentDark(life));
    this.#boot(life).catch((error: unknown) => {
      if (life.alive) violate(`${this.name} could not start: ${String(error)}`);
    });
  }

  /** Cuts the power now. */
  kill(): void {
    if (this.life === undefined) return;
    this.#world.tally.count(`deaths.${this.#tier}`);
    this.#world.tell(`${this.name} is killed`);
    this.life.end();
  }

  /** The program restarts on its own. */
  restart(darkness: Duration): void {
    if (this.life === undefined) return;
    this.#darkness = darkness;
    this.#world.tell(`${this.name} restarts`);
    this.life.end();
  }

  /** Cuts the power; it stays away until {@link SimulatedNode.up}. */
  down(): void {
    this.#held = true;
    this.kill();
  }

  /** Power is back. */
  up(): void {
    this.#held = false;
    if (this.life === undefined) this.start();
  }

  /** Its time of day is ahead of everybody else's (negative: behind), in this life and in those to come. */
  shiftClock(offset: Duration): void {
    this.#clock.shift(offset);
  }

  #wentDark(life: Life): void {
    // It may have been started again already.
    if (this.#held || this.#life !== life) return;
    const { clock, chance } = this.#world;
    const darkness = this.#darkness ?? Seconds(chance.between(1, LONGEST_DARKNESS_SECONDS));
    this.#darkness = undefined;
    clock.schedule(darkness, () => {
      if (!this.#held && this.#life === life) this.start();
    });
  }
}
