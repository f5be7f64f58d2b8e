import type { ShiftedClock } from '../faults/shifted-clock.ts';
import type { Ground } from '../ground/ground.ts';
import { Lan } from '../site/lan.ts';
import { lanFiles, type SiteFiles } from '../site/site-files.ts';
import type { TierPorts } from '../site/tier-ports.ts';
import { identityAbove, type PlacedLan } from './plan.ts';

/** What all LANs of a topology have in common. */
export interface LanSurroundings {
  readonly files: SiteFiles;
  readonly ground: Ground;
  readonly ports: TierPorts;
  /** Of intermediaries in this process, by name. */
  readonly clocks: ReadonlyMap<string, ShiftedClock>;
  /** Each tier as a process of its own. */
  readonly processes: boolean;
  readonly taps: boolean | undefined;
  readonly timeKeyFile: () => string;
}

/** The LANs of a plan by name, none of them started. */
export const makeLans = (
  lans: readonly PlacedLan[],
  surroundings: LanSurroundings,
): ReadonlyMap<string, Lan> => new Map(lans.map((lan) => [lan.plan.name, makeLan(lan, surroundings)]));

const makeLan = (
  { plan: { name, devices = [], carrier, below = [], intermediary, line, uplinkThrough }, above }: PlacedLan,
  { files, ports, clocks, ...common }: LanSurroundings,
): Lan =>
  new Lan({
    ...ports,
    ...common,
    name,
    files: lanFiles(files, name),
    devices,
    carrier,
    above: identityAbove(above),
    servesBelow: below.length > 0,
    intermediaryClock: clocks.get(name),
    intermediary,
    line,
    uplinkThrough,
  });
