import { Seconds, silentLogger } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import { makePasswordList } from '@postern/software-update';
import { Attacker } from './attacker.ts';
import { Chance } from './chance.ts';
import { type Databases, withDatabases } from './databases.ts';
import { deviceCopy } from './device-copy.ts';
import { DeviceNode } from './device-node.ts';
import { Forger } from './forger.ts';
import { SimulatedNetwork } from './network.ts';
import { Operators } from './operators.ts';
import { Oracle } from './oracle.ts';
import { judgeRequests } from './request-oracle.ts';
import { drawSchedule, type Schedule, type Tier } from './schedule.ts';
import { ServerNode } from './server-node.ts';
import { SiteNode } from './site-node.ts';
import { START } from './software.ts';
import { storyLogger } from './story.ts';
import { Tally } from './tally.ts';
import { atSecond, SITE, type World } from './world.ts';

/** What came of one schedule. */
export interface RunReport {
  readonly seed: number;
  readonly schedule: Schedule;
  /** What must never happen and did. */
  readonly violations: readonly string[];
  readonly tally: Readonly<Record<string, number>>;
  /** What happened, in order; only where it was asked for. */
  readonly story: readonly string[];
  /** Of virtual time, in seconds. */
  readonly lasted: number;
}

/** Enough for any schedule: an update renews its password a few times at most. */
const LIST_ENTRIES = 40;
/** From the last deadline until everything must be over, in seconds. */
const AFTERMATH = 1_800;

/** Runs the schedule of a seed from the first start of all nodes until everything is over. */
export const runSchedule = (seed: number, options: RunOptions = {}): Promise<RunReport> =>
  withDatabases((databases) => run(seed, options, databases));

export interface RunOptions {
  /** Tells what happens: takes its time. */
  readonly story?: boolean;
}

const run = async (
  seed: number,
  { story: tellStory = false }: RunOptions,
  databases: Databases,
): Promise<RunReport> => {
  const schedule = drawSchedule(seed);
  const clock = new VirtualClock(START);
  const chance = new Chance(seed + 0x1_0000_0000);
  const tally = new Tally();
  const story: string[] = [];
  const violations: string[] = [];
  const tell = tellStory
    ? (line: string) => void story.push(`${(clock.monotonic() / 1_000).toFixed(3).padStart(9)} ${line}`)
    : () => {};
  const network = new SimulatedNetwork({
    ...{ clock, chance, tally, tell },
    trouble: schedule.trouble,
    healsAt: Seconds(schedule.healsAt),
  });
  const violate = (what: string): void => {
    tell(`VIOLATION: ${what}`);
    violations.push(what);
  };
  const deaths = new Map<string, number>();
  const mayDie: World['mayDie'] = (tier, node, boundary) => {
    if (tier === 'server' && boundary.startsWith('after')) oracle.serverWrote(server);
    const { probability, most } = schedule.deaths[tier];
    const died = deaths.get(node) ?? 0;
    if (network.healed || died >= most || !chance.happens(probability)) return false;
    deaths.set(node, died + 1);
    tally.count(`deaths.${tier}`);
    tell(`${node} dies ${boundary}`);
    return true;
  };
  const logger = tellStory ? storyLogger(tell) : silentLogger;
  const world: World = { schedule, clock, chance, network, tally, logger, tell, violate, mayDie };

  const lists = new Map(
    schedule.devices
      .filter(({ link }) => link.credential === 'password-list')
      .map(({ id }) => [id, passwordList(seed, id)]),
  );
  const oracle = new Oracle(world);
  const server = new ServerNode(world, databases.server);
  const devices: readonly DeviceNode[] = schedule.devices.map(
    (plan) =>
      new DeviceNode(world, {
        plan,
        passwordList: deviceCopy(lists.get(plan.id)),
        site: () => site.door,
        onBoot: (device, booted) => oracle.booted(device, booted),
        onConfirmed: (device, booted) => oracle.confirmed(device, booted),
      }),
  );
  const attacker = new Attacker({
    world,
    oracle,
    server: () => server,
    site: () => site,
    devices: () => devices,
  });
  const site: SiteNode = new SiteNode(world, databases.site, {
    above: () => server.door,
    deviceAt: (host) => devices.find(({ id }) => id === host)?.door,
    passwordLists: [...lists.values()],
    tap: attacker,
  });
  const operators = new Operators(world, server, site, devices);
  const nodes = { server: [server], site: [site], device: devices };

  for (const { node } of [server, site, ...devices]) node.start();
  operators.begin();
  attacker.begin();
  new Forger(world, site, devices).begin();
  planCuts(world, nodes);
  planDecay(world, devices, oracle);

  const horizon = Seconds(lastDeadline(schedule) + AFTERMATH);
  const isOver = (): boolean =>
    network.healed && operators.done && oracle.unsettled(server, site, devices).next().done === true;
  let checked = 0;
  let over = false;
  while (!over && violations.length === 0 && clock.monotonic() < horizon) {
    if (!(await clock.advanceToNext())) break;
    // Everything is looked at once in ten seconds.
    if (clock.monotonic() - checked < Seconds(10)) continue;
    checked = clock.monotonic();
    over = isOver();
  }
  if (violations.length === 0) {
    for (const open of oracle.unsettled(server, site, devices, true)) violate(`At the end ${open}`);
    oracle.finished(server, site);
    judgeRequests(world, server, devices);
    const swept = attacker.sweep();
    await clock.advance(Seconds(5));
    await swept;
  }
  const lasted = Math.round(clock.monotonic() / 1_000);
  const report = { seed, schedule, violations, tally: tally.toJSON(), story: [...story], lasted };
  for (const { node } of [site, server, ...devices]) node.life?.end();
  return report;
};

const passwordList = (seed: number, deviceId: string) =>
  makePasswordList(seededEntropy(`${seed} list of ${deviceId}`), {
    deviceId,
    userName: SITE,
    count: LIST_ENTRIES,
  });

/** Power cuts and kills at any time. */
const planCuts = (
  { clock, chance, schedule }: World,
  nodes: Readonly<Record<Tier, readonly (ServerNode | SiteNode | DeviceNode)[]>>,
): void => {
  for (const tier of ['server', 'site', 'device'] as const) {
    for (const second of schedule.deaths[tier].at) {
      atSecond(clock, second, () => chance.pick(nodes[tier]).node.kill());
    }
  }
};

const planDecay = ({ clock, tell }: World, devices: readonly DeviceNode[], oracle: Oracle): void => {
  for (const device of devices) {
    if (device.plan.decaysAt === undefined) continue;
    atSecond(clock, device.plan.decaysAt, () => {
      tell(`the flash of ${device.id} decays`);
      oracle.decayed.add(device.id);
      device.slots.rot('A');
      device.slots.rot('B');
      device.node.kill();
    });
  }
};

const lastDeadline = ({ orders, requests, healsAt, checkEvery }: Schedule): number =>
  Math.max(
    // A request that nobody answers counts as lost a while after its deadline.
    ...requests.map(({ at, deadlineSeconds }) => Math.max(at, healsAt) + 420 + deadlineSeconds + 900),
    ...orders.map(({ at, deadlineSeconds }) => Math.max(at, healsAt) + 420 + deadlineSeconds),
    checkEvery === undefined ? 0 : Math.max(healsAt, ...orders.map(({ at }) => at)) + 420 + 420 + 1_800,
  );
