import { type Clock, type Logger, Milliseconds } from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';
import type { Chance } from './chance.ts';
import type { SimulatedNetwork } from './network.ts';
import type { Schedule, Tier } from './schedule.ts';
import type { Tally } from './tally.ts';

/** What all parts of one simulation share. */
export interface World {
  readonly schedule: Schedule;
  readonly clock: VirtualClock;
  /** What the trouble is drawn from while it goes. */
  readonly chance: Chance;
  readonly network: SimulatedNetwork;
  readonly tally: Tally;
  readonly logger: Logger;
  /** Adds to the story of the run. */
  readonly tell: (line: string) => void;
  /** Something happened that must never happen. */
  readonly violate: (what: string) => void;
  /** Draws whether a node dies at one of its boundaries. */
  readonly mayDie: (tier: Tier, node: string, boundary: string) => boolean;
}

/** Names of the nodes. */
export const SERVER = 'server';
export const SITE = 'site';

/** Runs `work` at a second from the start. */
export const atSecond = (clock: Clock, second: number, work: () => void): void => {
  clock.schedule(Milliseconds(second * 1_000 - clock.monotonic()), work);
};
