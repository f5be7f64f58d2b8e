import { type Clock, throwIfCancelled } from '@postern/core';
import type { Ground } from '../ground/ground.ts';
import type { Lan } from '../site/lan.ts';
import { present } from '../site/present.ts';
import { intermediaryIdentity, SERVER } from '../site/site-config.ts';
import { prepareDevices, prepareIdentities, type SiteFiles } from '../site/site-files.ts';
import { foreignIdentity, foreignStart } from './foreign.ts';
import { identityAbove, type LanPlan, nodesOf, type PlacedLan } from './plan.ts';
import type { RealTopologyOptions } from './real-options.ts';
import type { ServerPart } from './server-part.ts';

/** The parts of a topology, none of them started, and who starts what is not ours. */
export interface Parts {
  readonly clock: Clock;
  readonly files: SiteFiles;
  readonly ground: Ground;
  readonly placed: readonly PlacedLan[];
  readonly lans: ReadonlyMap<string, Lan>;
  readonly server: ServerPart;
  readonly foreignServer: RealTopologyOptions['foreignServer'];
  readonly onStarted: RealTopologyOptions['onStarted'];
}

/**
 * Starts everything from the server down, what is foreign included. Whoever called ends what was started when a part fails.
 *
 * @throws PosternError `cancelled` when `signal` tells that the topology ends; what the starts of the parts throw
 */
export const startParts = async (parts: Parts, signal: AbortSignal): Promise<void> => {
  const { files, placed } = parts;
  await prepareIdentities(files, [SERVER, ...nodesOf(placed)]);
  for (const { plan } of placed) {
    await prepareDevices(lanOf(parts, plan.name).files, plan.devices ?? [], plan.name);
  }
  throwIfCancelled(signal);
  await startServer(parts, signal);
  const failing = new AbortController();
  await startLans(parts, undefined, AbortSignal.any([signal, failing.signal]), failing);
};

const lanOf = ({ lans }: Parts, name: string): Lan => present(lans.get(name), `LAN ${name}`);

const startServer = async (
  { clock, files, ground, server, foreignServer, onStarted }: Parts,
  signal: AbortSignal,
): Promise<void> => {
  if (foreignServer !== undefined) {
    const part = foreignIdentity(files, SERVER, ground);
    server.takeForeign(await foreignStart(clock, SERVER, signal, () => foreignServer(part)));
    return;
  }
  await server.start();
  const { host, port } = server.rest;
  onStarted?.('server', SERVER.name, `https://${host}:${port}`, server.tier.pid);
};

/** Starts the LANs right below one, side by side, and then those below them. When one fails, the others go no further. */
const startLans = async (
  parts: Parts,
  above: string | undefined,
  signal: AbortSignal,
  failing: AbortController,
): Promise<void> => {
  const failures: unknown[] = [];
  const startTree = async ({ plan }: PlacedLan): Promise<void> => {
    try {
      await startLan(parts, plan, above, signal);
      await startLans(parts, plan.name, signal, failing);
    } catch (error) {
      failing.abort();
      failures.push(error);
    }
  };
  // All come to an end, for what is still starting could not be ended.
  await Promise.all(parts.placed.filter((lan) => lan.above === above).map(startTree));
  if (failures.length > 0) throw failures[0];
};

const startLan = async (
  parts: Parts,
  plan: LanPlan,
  above: string | undefined,
  signal: AbortSignal,
): Promise<void> => {
  const { server, onStarted } = parts;
  const lan = lanOf(parts, plan.name);
  throwIfCancelled(signal);
  const uplink = above === undefined ? server.uplink : lanOf(parts, above).below;
  const { host, port } = await lan.placeFirewall(uplink);
  onStarted?.('firewall', lan.name, `${host}:${port}`);
  throwIfCancelled(signal);
  await startIntermediary(parts, lan, plan, { above, url: `https://${host}:${port}/uplink` }, signal);
  throwIfCancelled(signal);
  if (lan.deviceIds.length === 0) return;
  await lan.startFleet();
  onStarted?.('devices', lan.name, lan.deviceIds.join(', '), lan.fleet.pid);
};

const startIntermediary = async (
  { clock, files, ground, onStarted }: Parts,
  lan: Lan,
  { foreignIntermediary }: LanPlan,
  { above, url: uplinkUrl }: { readonly above: string | undefined; readonly url: string },
  signal: AbortSignal,
): Promise<void> => {
  if (foreignIntermediary !== undefined) {
    const identity = intermediaryIdentity(lan.name);
    const part = { ...foreignIdentity(files, identity, ground), uplinkUrl, above: identityAbove(above) };
    await lan.takeForeignIntermediary(
      await foreignStart(clock, identity, signal, () => foreignIntermediary(part)),
    );
    return;
  }
  await lan.startIntermediary();
  const { carrier } = lan;
  const where = carrier === undefined ? `below ${above ?? SERVER.name}` : `built into ${carrier}`;
  onStarted?.('intermediary', lan.name, where, carrier === undefined ? lan.intermediary.pid : undefined);
};
