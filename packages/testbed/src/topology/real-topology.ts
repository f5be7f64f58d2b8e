import {
  type Clock,
  type Entropy,
  type Logger,
  type NodeIdentity,
  silentLogger,
  sleep,
  systemClock,
  systemEntropy,
  throwIfCancelled,
} from '@postern/core';
import type { Device } from '@postern/device-emulator';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import type { Faults } from '../faults/faults.ts';
import { RealFaults } from '../faults/real-faults.ts';
import { type ShiftedClock, shiftedClock } from '../faults/shifted-clock.ts';
import { type Ground, loopbackGround } from '../ground/ground.ts';
import { Lan } from '../site/lan.ts';
import type { Operator } from '../site/operator.ts';
import { present } from '../site/present.ts';
import { deviceIdentity, intermediaryIdentity, SERVER, type ServerChoices } from '../site/site-config.ts';
import {
  lanFiles,
  prepareDevices,
  prepareIdentities,
  type SiteFiles,
  siteFiles,
} from '../site/site-files.ts';
import type { TierPorts } from '../site/tier-ports.ts';
import { StepLog } from '../steps/step-log.ts';
import type { Endpoint } from '../tcp/listener.ts';
import { callUrls, type ForeignDevice, type ForeignServer, foreignIdentity } from './foreign.ts';
import { aboveIn, type LanPlan, nodesOf, type PlacedLan, placed } from './plan.ts';
import { ServerPart } from './server-part.ts';
import type { RunKind, Topology, TopologyTime } from './topology.ts';

export interface RealTopologyOptions {
  readonly run: Exclude<RunKind, 'virtual'>;
  /** Everything is kept here; a topology made again on the same directory goes on with it. */
  readonly directory: string;
  /** The sites whose intermediaries call the server themselves. */
  readonly sites: readonly LanPlan[];
  /** Puts taps between each intermediary and its devices, both ways. */
  readonly taps?: boolean;
  readonly server?: ServerChoices;
  /** How many keys the vendor has: all tiers demand signatures with each of them. Default: 1. */
  readonly vendorKeys?: number | undefined;
  /** Gives every tier a revocation list of the CA. Default: false, nobody can be revoked. */
  readonly revocations?: boolean | undefined;
  readonly clock?: Clock;
  /** Clocks of single tiers in this process, by the name of the node: the server, or an intermediary. Others have `clock`. */
  readonly clocks?: Readonly<Record<string, Clock>>;
  /** Of tiers in this process; others take the system's. */
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** Told what starts. */
  readonly onStarted?: (tier: StartedTier, name: string, address: string, pid?: number) => void;
  /** The management server is not ours: whoever starts it is told what it needs, and says where it serves the uplink. */
  readonly foreignServer?: (part: ForeignServer) => Promise<{ readonly uplink: Endpoint }>;
  /** The network that it stands on; it ends with the topology. Default: loopback. */
  readonly ground?: Ground;
  /** After the end of everything. */
  readonly onClosed?: () => Promise<void>;
}

export type StartedTier = 'server' | 'firewall' | 'intermediary' | 'devices';

/**
 * A management server and any number of sites, each behind a firewall of its own: Fig 1 A, B and C, with real sockets.
 *
 * @spec T1 T2 T3
 */
export class RealTopology implements Topology {
  readonly run: Exclude<RunKind, 'virtual'>;
  readonly files: SiteFiles;
  readonly steps: StepLog;
  readonly faults: Faults;
  readonly time: TopologyTime;
  readonly #options: RealTopologyOptions;
  /** The network it stands on. A test starts programs of its own there with the `launch` of a node's place. */
  readonly ground: Ground;
  readonly #server: ServerPart;
  readonly #placed: readonly PlacedLan[];
  readonly #lans: ReadonlyMap<string, Lan>;
  readonly #ending = new AbortController();
  #starting: Promise<void> | undefined;

  /** @throws PosternError `plan-invalid` */
  constructor(options: RealTopologyOptions) {
    const { clock = systemClock, entropy = systemEntropy, logger = silentLogger } = options;
    this.#options = options;
    this.run = options.run;
    this.ground = options.ground ?? loopbackGround();
    this.#placed = placed(options.sites);
    nodesOf(this.#placed);
    this.files = siteFiles(options.directory, options.vendorKeys, options.revocations);
    this.steps = new StepLog({ clock, neighbours: { above: aboveIn(this.#placed) } });
    this.time = { advance: (duration) => sleep(clock, duration) };
    const ports = { clock, entropy, logger, onStep: this.steps.observe };
    const clocks = this.#ownClocks(clock);
    this.#server = new ServerPart({
      files: this.files,
      place: this.ground.place(SERVER),
      processes: this.run !== 'in-process',
      choices: options.server,
      ports: { ...ports, clock: clocks.get(SERVER.name) ?? clock },
      operatorClock: clock,
      story: () => this.steps.print(),
    });
    this.#lans = new Map(
      this.#placed.map(({ plan, above }) => [plan.name, this.#makeLan(plan, above, ports, clocks)] as const),
    );
    const startedWith = (id: string) => this.#deviceOf(id)?.faults ?? {};
    this.faults = new RealFaults({ topology: this, clocks, startedWith });
  }

  /** Tiers in this process can be set to another time of day. */
  #ownClocks(clock: Clock): ReadonlyMap<string, ShiftedClock> {
    if (this.run !== 'in-process') return new Map();
    const names = [SERVER.name, ...this.#placed.map(({ plan }) => plan.name)];
    return new Map(names.map((name) => [name, shiftedClock(this.#options.clocks?.[name] ?? clock)]));
  }

  #deviceOf(id: string) {
    return this.#placed.flatMap(({ plan }) => plan.devices ?? []).find((device) => device.id === id);
  }

  #makeLan(
    { name, devices = [], carrier, below = [], intermediary, line, uplinkThrough }: LanPlan,
    above: string | undefined,
    ports: TierPorts,
    clocks: ReadonlyMap<string, ShiftedClock>,
  ): Lan {
    const { taps } = this.#options;
    return new Lan({
      ...ports,
      name,
      files: lanFiles(this.files, name),
      devices,
      carrier,
      above: identityAbove(above),
      servesBelow: below.length > 0,
      processes: this.run !== 'in-process',
      intermediaryClock: clocks.get(name),
      taps,
      intermediary,
      line,
      uplinkThrough,
      ground: this.ground,
      timeKeyFile: () => this.server.ready.timeKeyFile,
    });
  }

  get server(): ServerPart['tier'] {
    return this.#server.tier;
  }

  get operator(): Operator {
    return this.#server.operator;
  }

  /** The LAN of the intermediary of this name. */
  lan(name: string): Lan {
    return present(this.#lans.get(name), `LAN ${name}`);
  }

  device(id: string): ControlledDevice {
    return this.lanOf(id).device(id);
  }

  /** The emulator's own object; only of tiers in this process. */
  emulated(id: string): Device {
    return this.lanOf(id).emulated(id);
  }

  /** The LAN that a device is on. */
  lanOf(deviceId: string): Lan {
    const home = this.#placed.find(
      ({ plan: { devices = [], foreignDevices = [] } }) =>
        devices.some(({ id }) => id === deviceId) || foreignDevices.includes(deviceId),
    );
    return this.lan(present(home, `device ${deviceId}`).plan.name);
  }

  get serverName(): string {
    return SERVER.name;
  }

  /** Whether somebody can stand between intermediaries and devices. */
  get hasTaps(): boolean {
    return this.#options.taps === true;
  }

  /** What a device that is not ours is started with. */
  foreign(deviceId: string): ForeignDevice {
    const lan = this.lanOf(deviceId);
    const { secure, notice } = lan.calls;
    return {
      ...foreignIdentity(this.files, deviceIdentity(deviceId)),
      intermediary: { name: lan.name, ...callUrls(secure, notice) },
    };
  }

  /** Every device of every LAN. */
  get deviceIds(): readonly string[] {
    return this.#placed.flatMap(({ plan }) => (plan.devices ?? []).map(({ id }) => id));
  }

  /** Starts everything from the server down. What was started is closed again when a part fails. */
  async start(): Promise<this> {
    try {
      this.#starting = this.#startAll();
      await this.#starting;
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #startAll(): Promise<void> {
    const { signal } = this.#ending;
    await prepareIdentities(this.files, [SERVER, ...nodesOf(this.#placed)]);
    for (const { plan } of this.#placed) {
      await prepareDevices(this.lan(plan.name).files, plan.devices ?? [], plan.name);
    }
    throwIfCancelled(signal);
    await this.#beginServer();
    await this.#startLans(undefined);
  }

  async #beginServer(): Promise<void> {
    const { foreignServer, onStarted } = this.#options;
    if (foreignServer !== undefined) {
      this.#server.takeForeign((await foreignServer(foreignIdentity(this.files, SERVER))).uplink);
      return;
    }
    await this.startServer();
    const { host, port } = this.#server.rest;
    onStarted?.('server', SERVER.name, `https://${host}:${port}`, this.server.pid);
  }

  /** Starts the LANs right below one, side by side, and then those below them. */
  async #startLans(above: string | undefined): Promise<void> {
    const here = this.#placed.filter((lan) => lan.above === above);
    await Promise.all(
      here.map(async ({ plan }) => {
        await this.#startLan(this.lan(plan.name), plan, above);
        await this.#startLans(plan.name);
      }),
    );
  }

  async #startLan(lan: Lan, { foreignIntermediary }: LanPlan, above: string | undefined): Promise<void> {
    const { onStarted } = this.#options;
    throwIfCancelled(this.#ending.signal);
    const uplink = above === undefined ? this.#server.uplink : this.lan(above).below;
    const { host, port } = await lan.placeFirewall(uplink);
    onStarted?.('firewall', lan.name, `${host}:${port}`);
    throwIfCancelled(this.#ending.signal);
    if (foreignIntermediary !== undefined) {
      const part = foreignIdentity(this.files, intermediaryIdentity(lan.name));
      const uplinkUrl = `https://${host}:${port}/uplink`;
      await lan.takeForeignIntermediary(
        await foreignIntermediary({ ...part, uplinkUrl, above: identityAbove(above) }),
      );
    } else {
      await lan.startIntermediary();
      const { carrier } = lan;
      const where = carrier === undefined ? `below ${above ?? SERVER.name}` : `built into ${carrier}`;
      onStarted?.('intermediary', lan.name, where, carrier === undefined ? lan.intermediary.pid : undefined);
    }
    throwIfCancelled(this.#ending.signal);
    if (lan.deviceIds.length === 0) return;
    await lan.startFleet();
    onStarted?.('devices', lan.name, lan.deviceIds.join(', '), lan.fleet.pid);
  }

  /** Starts the server, again on the ports it had. */
  startServer(): Promise<void> {
    return this.#server.start();
  }

  /** Ends everything, from the devices up; a start under way goes no further. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#stopTiers();
    // A tier that was about to start when its turn to be stopped was over.
    await this.#starting?.catch(() => {});
    await this.#stopTiers();
    for (const lan of [...this.#lans.values()].reverse()) await lan.close();
    await this.#server.close();
    await this.ground.close();
    await this.#options.onClosed?.();
  }

  async #stopTiers(): Promise<void> {
    for (const lan of [...this.#lans.values()].reverse()) await lan.stopTiers();
    await this.#server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const identityAbove = (above: string | undefined): NodeIdentity =>
  above === undefined ? SERVER : intermediaryIdentity(above);
