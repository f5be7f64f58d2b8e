import { type Duration, Milliseconds, Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { type IntermediaryParts, openDatabaseStores } from '@postern/intermediary/compose';
import type { ServerConfigInput } from '@postern/management-server';
import { openStoresAt, registerSoftware } from '@postern/management-server/compose';
import { Chance } from './chance.ts';
import { DeviceNode } from './device-node.ts';
import { SimulatedNetwork, type Trouble } from './network.ts';
import type { DevicePlan, Schedule } from './schedule.ts';
import { ServerNode, serverConfigOf } from './server-node.ts';
import { SiteNode } from './site-node.ts';
import { RELEASES, type ReleaseName, START } from './software.ts';
import { storyLogger } from './story.ts';
import { Tally } from './tally.ts';
import { SERVER, type World } from './world.ts';

/** A site of a cascade: an intermediary and its devices. */
export interface CascadeSite {
  readonly name: string;
  /** The site above; the server unless given. */
  readonly above?: string;
  /** Names of its devices. */
  readonly devices?: readonly string[];
  /** Whether whoever registers is a device of it at once, as unless given. */
  readonly adoption?: 'automatic' | 'confirm';
  /** Who may be below it; everybody unless given. */
  readonly below?: {
    readonly names?: string[];
    readonly mostRequests?: number;
    readonly mostDevices?: number;
  };
}

export interface CascadeOptions {
  readonly sites: readonly CascadeSite[];
  readonly seed?: number;
  /** Until `healsAt`; none unless given. */
  readonly trouble?: Partial<Trouble>;
  readonly healsAt?: Duration;
  readonly placementTrust?: IntermediaryParts['placementTrust'];
  /** What the server's configuration says otherwise. */
  readonly serverConfig?: Partial<ServerConfigInput>;
  /** Told what happens. */
  readonly tell?: (line: string) => void;
}

/** The server and sites below one another on a virtual clock, without sockets. */
export interface Cascade {
  readonly clock: VirtualClock;
  readonly server: ServerNode;
  /** @throws TypeError where there is no site of this name */
  site(name: string): SiteNode;
  /** @throws TypeError where there is no device of this name */
  device(name: string): DeviceNode;
  /** Uploads a release to the server. @returns its identifier there */
  register(release: ReleaseName): Promise<string>;
  /** Lets time pass until `happened`. @throws Error when it has not after `atMost` */
  until(what: string, happened: () => boolean, atMost?: Duration): Promise<void>;
  /** Ends every node. */
  close(): void;
}

/** A network that loses nothing. */
export const NO_TROUBLE: Trouble = { lost: 0, answerLost: 0, delayed: 0, duplicated: 0, cut: 0 };

/**
 * Sites below sites, to any depth: the code of all tiers, composed as in a simulation, with a network that does what it
 * is told to. Every node has stores that outlive it: `node.kill()` cuts its power, and it comes back by itself.
 */
export const buildCascade = async ({
  sites: plans,
  seed = 1,
  trouble,
  healsAt = Seconds(0),
  placementTrust,
  serverConfig,
  tell = () => {},
}: CascadeOptions): Promise<Cascade> => {
  const clock = new VirtualClock(START);
  const chance = new Chance(seed);
  const tally = new Tally();
  const schedule = scheduleOf(seed, plans);
  const network = new SimulatedNetwork({
    ...{ clock, chance, tally, tell, healsAt },
    trouble: { ...NO_TROUBLE, ...trouble },
  });
  const world: World = {
    ...{ schedule, clock, chance, network, tally, tell },
    logger: storyLogger(tell),
    violate: (what) => {
      throw new Error(what);
    },
    mayDie: () => false,
  };
  const trust = placementTrust === undefined ? {} : { placementTrust };
  const server = new ServerNode(world, await openStoresAt(':memory:', silentLogger), {
    ...trust,
    ...(serverConfig === undefined ? {} : { config: serverConfigOf(serverConfig) }),
  });
  const sites = new Map<string, SiteNode>();
  const devices = new Map<string, DeviceNode>();
  for (const { name, above, below = {}, adoption = 'automatic' } of plans) {
    const database = await openDatabaseStores(':memory:', { clock: systemClock, logger: silentLogger });
    const site = new SiteNode(world, database, {
      ...trust,
      name,
      above: () => (above === undefined ? server.door : sites.get(above)?.door),
      deviceAt: (host) => devices.get(host)?.door,
      passwordLists: [],
      tap: { onLogin: () => {}, alter: (_, bytes) => bytes },
      config: {
        uplink: {
          url: 'https://above:8443/uplink',
          serverName: above ?? SERVER,
          role: above === undefined ? 'server' : 'intermediary',
          hold: 50,
        },
        below: { port: 0, ...below },
        adoption,
      },
    });
    sites.set(name, site);
  }
  for (const { name, devices: own = [] } of plans) {
    for (const id of own) {
      devices.set(
        id,
        new DeviceNode(world, {
          plan: planOf(id),
          passwordList: undefined,
          site: () => sites.get(name)?.door,
          siteName: name,
          onBoot: () => {},
          onConfirmed: () => {},
        }),
      );
    }
  }
  for (const { node } of [server, ...sites.values(), ...devices.values()]) node.start();
  return {
    clock,
    server,
    site: (name) => required(sites.get(name), name),
    device: (name) => required(devices.get(name), name),
    register: async (release) => {
      const domain = required(server.door, SERVER).domain;
      const { software } = await registerSoftware(domain.software, RELEASES[release].signed.before);
      return software.id;
    },
    until: async (what, happened, atMost = Seconds(3_600)) => {
      const end = clock.monotonic() + atMost;
      while (!happened()) {
        if (clock.monotonic() > end || !(await clock.advanceToNext())) {
          throw new Error(`${what} has not happened after ${Milliseconds(clock.monotonic())} ms`);
        }
      }
    },
    close: () => {
      for (const { node } of [...devices.values(), ...sites.values(), server]) node.life?.end();
    },
  };
};

const required = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) throw new TypeError(`There is no ${name}`);
  return value;
};

/** A schedule of which nothing happens by itself. */
export const scheduleOf = (seed: number, plans: readonly CascadeSite[]): Schedule => {
  const never = { probability: 0, most: 0, at: [] };
  return {
    seed,
    devices: plans.flatMap(({ devices = [] }) => devices.map(planOf)),
    orders: [],
    requests: [],
    rotationAt: undefined,
    checkEvery: undefined,
    trouble: NO_TROUBLE,
    healsAt: 0,
    deaths: { server: never, site: never, device: never },
    attack: { replayEvery: undefined, corrupts: 0, forgesReports: 0, forges: false },
  };
};

/** A sound device with a link as it is by default. */
export const planOf = (id: string): DevicePlan => ({
  id,
  link: {
    credential: 'one-time-password',
    passwordGenerator: 'updater',
    eraser: 'updater',
    invalidation: 'overwrite-random',
    tls: 'mutual',
    bulkPathKind: 'ftp',
    plainRequests: false,
  },
  plainPath: false,
  clock: 'real-time',
  busySeconds: 0,
  crashing: [],
  decaysAt: undefined,
});
