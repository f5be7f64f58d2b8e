import { Chance } from './chance.ts';

/** Something that the server asks a device beside its updates. */
export interface RequestPlan {
  /** Seconds from the start. */
  readonly at: number;
  readonly device: number;
  /** Reading can be done again; the command raises an abnormality each time it is carried out. */
  readonly kind: 'GetCounters' | 'ExecuteCommand';
  readonly deadlineSeconds: number;
}

/** The command whose every execution can be counted: each raises an abnormality with a number of its own. */
export const COUNTED_COMMAND = 'call-service';
/** The code of that abnormality. */
export const COUNTED_CODE = 'service-needed';

/** Apart from what the schedule draws, so that a seed goes on meaning the same updates. */
const APART = 0x2_0000_0000;

/** Draws the requests of a seed. */
export const drawRequests = (seed: number, devices: number, healsAt: number): readonly RequestPlan[] => {
  const chance = new Chance(seed + APART);
  const count = chance.pick([0, 0, 1, 2, 4]);
  return Array.from({ length: count }, () => {
    const at = chance.between(2, chance.pick([30, 300, 900]));
    return {
      at,
      device: chance.between(0, devices - 1),
      kind: chance.pick(['GetCounters', 'ExecuteCommand', 'ExecuteCommand'] as const),
      deadlineSeconds: chance.happens(0.3)
        ? chance.between(30, 300)
        : Math.max(healsAt - at, 0) + chance.between(600, 1_800),
    };
  });
};
