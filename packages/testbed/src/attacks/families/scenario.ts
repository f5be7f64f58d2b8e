import { testbedError } from '../../errors.ts';
import type { Site } from '../../site/site.ts';
import type { Scene } from '../attack.ts';
import type { Channel } from '../attacker/channel.ts';
import { launchAttacker } from '../attacker/launch.ts';
import { openVictim } from '../victims/index.ts';
import { DEVICE, type Victim, type VictimOptions } from '../victims/victim.ts';

/** A victim and its attacker. */
export interface Encounter {
  readonly victim: Victim;
  readonly attacker: Channel;
}

/** What somebody on the LAN knows without being told by anybody: names in the devices' announcements. */
export const publicNames = (scheme: Scene['scheme']) => ({
  deviceId: DEVICE,
  userName: scheme === 'a' ? 'service' : 'site-a',
});

/** An attacker who stands in between: its process is there first, and the device is known to others under its ports. */
export const standBetween = async (
  scene: Scene,
  program: string,
  knows: object,
  options: VictimOptions = {},
): Promise<Encounter> => {
  const attacker = await launchAttacker(scene, program, { ...publicNames(scene.scheme), ...knows });
  const through = await attacker.hear<{ ftp: number; soap?: number }>('listening');
  const victim = await openVictim(scene, { ...options, through });
  const { bulk, secure, neighbour } = victim;
  attacker.say('lead-to', { bulk, secure, ...(neighbour === undefined ? {} : { other: neighbour }) });
  return { victim, attacker };
};

/** Of attacks on certificates. */
export const NO_IDENTITIES = {
  outcome: 'not-applicable',
  why: 'Nobody has an identity; there is no server.',
} as const;

export const siteOf = ({ site }: Victim): Site => {
  if (site === undefined) throw testbedError('tier-not-started', 'This scheme has no site');
  return site;
};

/** What both sides of an update say in the end. */
export const closing = async (victim: Victim, ended: string): Promise<string> =>
  `the device runs ${await victim.runs()}, its updater says "${ended}"`;

/** An FTP reply in evidence: its code and the code behind it. */
export const brief = (reply: string): string =>
  reply === '' ? 'none' : (/^\d{3} [a-z]+(?:-[a-z]+)+(?=:)|^\d{3}|^\w+/.exec(reply)?.[0] ?? reply);
