import type { Scene } from '../attack.ts';
import type { Scheme } from '../scheme.ts';
import { openConventionalVictim } from './conventional-victim.ts';
import { openPatentVictim } from './patent-victim.ts';
import { openPosternVictim } from './postern-victim.ts';
import type { OpenVictim, Victim, VictimOptions } from './victim.ts';

const OPENERS: Readonly<Record<Scheme, OpenVictim>> = {
  a: openConventionalVictim,
  b: openPatentVictim,
  c: openPosternVictim,
};

/** Sets the scene: a victim of the scheme that is attacked. */
export const openVictim = (scene: Scene, options: VictimOptions = {}): Promise<Victim> =>
  OPENERS[scene.scheme](scene, options);
