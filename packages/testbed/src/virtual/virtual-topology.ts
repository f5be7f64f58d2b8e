import { Hours, Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { openDatabaseStores } from '@postern/intermediary/compose';
import { openStoresAt } from '@postern/management-server/compose';
import { refuse } from '../faults/refusal.ts';
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
import { StepLog } from '../steps/step-log.ts';
import { aboveIn, type LanPlan, nodesOf, type PlacedLan, placed } from '../topology/plan.ts';
import type { RealTopologyOptions } from '../topology/real-topology.ts';
import type { Topology } from '../topology/topology.ts';
import { virtualClient } from './virtual-client.ts';
import { VirtualDevice } from './virtual-device.ts';
import { VirtualFaults } from './virtual-faults.ts';
import { VirtualTime } from './virtual-time.ts';

/** What a virtual topology is made of. */
export type VirtualTopologyOptions = Pick<RealTopologyOptions, 'sites' | 'server' | 'logger'> & {
  readonly seed?: number;
};

/** How long anything may take: virtual time costs little. */
const PATIENCE = Hours(2);
/** What is asked again and again is asked so often. */
const LOOK = Seconds(1);

/** What of a LAN there is here. */
const KNOWN: ReadonlySet<string> = new Set(['name', 'devices', 'below', 'intermediary']);

/** The code of all tiers on a virtual clock and a network in memory; nodes keep what they made durable over their deaths. */
export class VirtualTopology implements Topology {
  readonly run = 'virtual';
  readonly steps: StepLog;
  readonly operator: Operator;
  readonly faults: VirtualFaults;
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
    for (const { plan } of lans) {
      const unknown = Object.keys(plan).find((key) => !KNOWN.has(key));
      if (unknown !== undefined) refuse(`${unknown} of ${plan.name}`, 'virtual');
    }
    const server = await openStoresAt(':memory:', silentLogger);
    const topology = new VirtualTopology(options, lans, server);
    for (const lan of lans) await topology.#addSite(lan);
    for (const { plan } of lans) topology.#addDevices(plan);
    topology.#begin();
    return topology;
  }

  private constructor(
    { server: choices, seed = 1, logger = silentLogger }: VirtualTopologyOptions,
    lans: readonly PlacedLan[],
    stores: ConstructorParameters<typeof ServerNode>[1],
  ) {
    const clock = new VirtualClock(START);
    this.time = new VirtualTime(clock);
    const { clock: waiting } = this.time;
    this.steps = new StepLog({ clock: waiting, neighbours: { above: aboveIn(lans) }, patience: PATIENCE });
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
      { patience: PATIENCE, pause: LOOK },
    );
    this.faults = new VirtualFaults({
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
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #addSite({ plan: { name, below, intermediary = {} }, above }: PlacedLan): Promise<void> {
    const database = await openDatabaseStores(':memory:', { clock: systemClock, logger: silentLogger });
    const site = new SiteNode(this.#world, database, {
      name,
      above: () => (above === undefined ? this.#server.door : this.#sites.get(above)?.door),
      deviceAt: (host) => this.#devices.get(host)?.node.door,
      passwordLists: [],
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
      },
    });
    this.#sites.set(name, site);
    // From now on it can be cut.
    this.#world.network.line(name);
  }

  #addDevices({ name, devices = [] }: LanPlan): void {
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
