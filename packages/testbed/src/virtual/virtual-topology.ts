import { Hours, Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { openDatabaseStores } from '@postern/intermediary/compose';
import { openStoresAt } from '@postern/management-server/compose';
import type { PasswordList } from '@postern/software-update';
import type { Faults } from '../faults/faults.ts';
import { NO_TROUBLE, scheduleOf } from '../simulation/cascade.ts';
import { Chance } from '../simulation/chance.ts';
import { SimulatedNetwork } from '../simulation/network.ts';
import type { SimulatedNode } from '../simulation/node.ts';
import { ServerNode, serverConfigOf } from '../simulation/server-node.ts';
import { SiteNode } from '../simulation/site-node.ts';
import { START, VENDOR_SIGNER } from '../simulation/software.ts';
import { Tally } from '../simulation/tally.ts';
import { SERVER, type World } from '../simulation/world.ts';
import { Operator } from '../site/operator.ts';
import { present } from '../site/present.ts';
import { linksOf } from '../site/site-config.ts';
import { StepLog } from '../steps/step-log.ts';
import { aboveIn, type LanPlan, nodesOf, type PlacedLan, placed } from '../topology/plan.ts';
import type { Topology, TopologyOptions } from '../topology/topology.ts';
import { virtualClient } from './virtual-client.ts';
import { VirtualDevice } from './virtual-device.ts';
import { virtualFaults } from './virtual-faults.ts';
import { passwordListsOf } from './virtual-link.ts';
import { VirtualTime } from './virtual-time.ts';

/** What a virtual topology is made of. */
export type VirtualTopologyOptions = Pick<
  TopologyOptions,
  'sites' | 'server' | 'logger' | 'seed' | 'patience'
>;

/** Password lists are no files here: both ends are given them. */
const IN_MEMORY = { passwordListFile: (id: string) => `${id}.json` };

/** How long anything may take: virtual time costs little. */
const PATIENCE = Hours(2);
/** What is asked again and again is asked so often. */
const LOOK = Seconds(1);

/** The code of all tiers on a virtual clock and a network in memory; nodes keep what they made durable over their deaths. */
export class VirtualTopology implements Topology {
  readonly run = 'virtual';
  readonly steps: StepLog;
  readonly operator: Operator;
  readonly faults: Faults;
  readonly time: VirtualTime;
  readonly #world: World;
  readonly #server: ServerNode;
  readonly #sites = new Map<string, SiteNode>();
  readonly #devices = new Map<string, VirtualDevice>();

  /**
   * Makes and starts it.
   *
   * @throws PosternError `plan-invalid`, `not-in-this-run`
   */
  static async start(options: VirtualTopologyOptions): Promise<VirtualTopology> {
    const lans = placed(options.sites);
    nodesOf(lans);
    const server = await openStoresAt(':memory:', silentLogger);
    const topology = new VirtualTopology(options, lans, server);
    try {
      for (const lan of lans) await topology.#addSite(lan);
      topology.#begin();
      return topology;
    } catch (error) {
      await topology.close();
      throw error;
    }
  }

  private constructor(
    { server: choices, seed = 1, logger = silentLogger, patience = PATIENCE }: VirtualTopologyOptions,
    lans: readonly PlacedLan[],
    stores: ConstructorParameters<typeof ServerNode>[1],
  ) {
    const clock = new VirtualClock(START);
    this.time = new VirtualTime(clock);
    const { clock: waiting } = this.time;
    this.steps = new StepLog({ clock: waiting, neighbours: { above: aboveIn(lans) }, patience });
    const chance = new Chance(seed);
    const tally = new Tally();
    const network = new SimulatedNetwork({
      ...{ clock, chance, tally, trouble: NO_TROUBLE },
      healsAt: 0,
      tell: () => {},
    });
    this.#world = {
      ...{ schedule: scheduleOf(seed, []), clock, chance, network, tally, logger },
      tell: () => {},
      violate: (what) => {
        throw new Error(what);
      },
      mayDie: () => false,
    };
    const images = new Map<string, Uint8Array>();
    this.#server = new ServerNode(this.#world, stores, {
      uploaded: images,
      onStep: (step, subject) => this.steps.observe({ step, node: SERVER, subject }),
      ...(choices === undefined ? {} : { config: serverConfigOf(choices) }),
    });
    this.operator = new Operator(
      waiting,
      async () => [VENDOR_SIGNER],
      virtualClient({ domain: () => this.#server.door?.domain, images, time: this.time }),
      () => this.steps.print(),
      { patience, pause: LOOK },
    );
    this.faults = virtualFaults({
      network,
      tiers: this.#tiers,
      device: (id) => this.device(id),
      startedWith: (id) =>
        lans.flatMap(({ plan }) => plan.devices ?? []).find((device) => device.id === id)?.faults ?? {},
    });
  }
  readonly #tiers = new Map<string, SimulatedNode>();

  get deviceIds(): readonly string[] {
    return [...this.#devices.keys()];
  }

  device(id: string): VirtualDevice {
    return present(this.#devices.get(id), `device ${id}`);
  }

  async close(): Promise<void> {
    for (const { node } of this.#devices.values()) node.node.down();
    for (const node of this.#tiers.values()) node.down();
    // What the dead still had in flight reads and writes no more.
    for (const { database } of this.#sites.values()) database.close();
    this.#server.stores.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #addSite({ plan, above }: PlacedLan): Promise<void> {
    const { name, devices = [], below, line = {}, intermediary = {} } = plan;
    const lists = passwordListsOf(plan);
    const database = await openDatabaseStores(':memory:', { clock: systemClock, logger: silentLogger });
    const site = new SiteNode(this.#world, database, {
      name,
      above: () => (above === undefined ? this.#server.door : this.#sites.get(above)?.door),
      deviceAt: (host) => this.#devices.get(host)?.node.door,
      passwordLists: [...lists.values()],
      tap: { onLogin: () => {}, alter: (_, bytes) => bytes },
      onStep: this.steps.observe,
      config: {
        ...intermediary,
        uplink: {
          hold: 50,
          ...intermediary.uplink,
          url: 'https://above:8443/uplink',
          serverName: above ?? SERVER,
          role: above === undefined ? 'server' : 'intermediary',
        },
        ...(below === undefined ? {} : { below: { port: 0 } }),
        devices: linksOf(IN_MEMORY, devices, intermediary.devices),
      },
    });
    this.#sites.set(name, site);
    // From now on it can be cut.
    this.#world.network.line(name).shape(line);
    this.#addDevices(plan, lists, site.node);
  }

  #addDevices(
    { name, devices = [], carrier }: LanPlan,
    lists: ReadonlyMap<string, PasswordList>,
    intermediary: SimulatedNode,
  ): void {
    for (const device of devices) {
      this.#devices.set(
        device.id,
        new VirtualDevice({
          world: this.#world,
          device,
          siteName: name,
          site: () => this.#sites.get(name)?.door,
          onStep: this.steps.observe,
          time: this.time,
          passwordList: lists.get(device.id),
          carried: device.id === carrier ? intermediary : undefined,
        }),
      );
    }
  }

  #begin(): void {
    this.#tiers.set(SERVER, this.#server.node);
    for (const [name, { node }] of this.#sites) this.#tiers.set(name, node);
    for (const node of this.#tiers.values()) node.start();
    for (const { node } of this.#devices.values()) node.node.start();
  }
}
