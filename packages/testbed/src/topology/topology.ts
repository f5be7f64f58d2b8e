import {
  type Clock,
  type Entropy,
  type Logger,
  silentLogger,
  systemClock,
  systemEntropy,
  throwIfCancelled,
} from '@postern/core';
import type { Device } from '@postern/device-emulator';
import { type Ground, loopbackGround } from '../ground/ground.ts';
import { Lan } from '../site/lan.ts';
import type { Operator } from '../site/operator.ts';
import { present } from '../site/present.ts';
import { SERVER, type ServerChoices } from '../site/site-config.ts';
import {
  lanFiles,
  prepareDevices,
  prepareIdentities,
  type SiteFiles,
  siteFiles,
} from '../site/site-files.ts';
import type { TierPorts } from '../site/site-tiers.ts';
import { type LanPlan, nodesOf, type PlacedLan, placed } from './plan.ts';
import { ServerPart } from './server-part.ts';
import { StepLog } from './step-log.ts';

export interface TopologyOptions {
  /** Everything is kept here; a topology made again on the same directory goes on with it. */
  readonly directory: string;
  /** The sites whose intermediaries call the server themselves. */
  readonly sites: readonly LanPlan[];
  /** Each tier as a process of its own (the `postern` command), or all in this one. */
  readonly processes?: boolean;
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
}

export type StartedTier = 'server' | 'firewall' | 'intermediary' | 'devices';

/**
 * A management server and any number of sites, each behind a firewall of its own: Fig 1 A, B and C, all real, on loopback.
 *
 * @spec T1 T2 T3
 */
export class Topology {
  readonly files: SiteFiles;
  /** What the nodes did of Fig 10 and Fig 11; of tiers in this process only. */
  readonly steps: StepLog;
  readonly #options: TopologyOptions;
  readonly #ground: Ground = loopbackGround();
  readonly #server: ServerPart;
  readonly #placed: readonly PlacedLan[];
  readonly #lans: ReadonlyMap<string, Lan>;
  readonly #ending = new AbortController();
  #starting: Promise<void> | undefined;

  /** @throws PosternError `plan-invalid` */
  constructor(options: TopologyOptions) {
    const { clock = systemClock, entropy = systemEntropy, logger = silentLogger } = options;
    this.#options = options;
    this.#placed = placed(options.sites);
    nodesOf(this.#placed);
    this.files = siteFiles(options.directory, options.vendorKeys, options.revocations);
    this.steps = new StepLog(clock);
    const ports = { clock, entropy, logger, onStep: this.steps.observe };
    this.#server = new ServerPart({
      files: this.files,
      place: this.#ground.place(SERVER),
      processes: options.processes === true,
      choices: options.server,
      ports: { ...ports, clock: options.clocks?.[SERVER.name] ?? clock },
    });
    this.#lans = new Map(
      this.#placed.map(({ plan, above }) => [plan.name, this.#lanOf(plan, above, ports)] as const),
    );
  }

  #lanOf(
    { name, devices = [], carrier, below = [], intermediary, line, uplinkThrough }: LanPlan,
    above: string | undefined,
    ports: TierPorts,
  ): Lan {
    const { processes, taps, clocks } = this.#options;
    return new Lan({
      ...ports,
      intermediaryClock: clocks?.[name],
      name,
      files: lanFiles(this.files, name),
      devices,
      carrier,
      above: above === undefined ? SERVER : { role: 'intermediary', name: above },
      servesBelow: below.length > 0,
      processes,
      taps,
      intermediary,
      line,
      uplinkThrough,
      ground: this.#ground,
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

  /** A device with its power switch; only of tiers in this process. */
  device(id: string): Device {
    const home = this.#placed.find(({ plan }) => plan.devices?.some((device) => device.id === id));
    return this.lan(present(home, `device ${id}`).plan.name).device(id);
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
    await this.startServer();
    const { host, port } = this.#server.rest;
    this.#options.onStarted?.('server', SERVER.name, `https://${host}:${port}`, this.server.pid);
    await this.#startLans(undefined);
  }

  /** Starts the LANs right below one, side by side, and then those below them. */
  async #startLans(above: string | undefined): Promise<void> {
    const here = this.#placed.filter((lan) => lan.above === above);
    await Promise.all(
      here.map(async ({ plan: { name } }) => {
        await this.#startLan(this.lan(name), above);
        await this.#startLans(name);
      }),
    );
  }

  async #startLan(lan: Lan, above: string | undefined): Promise<void> {
    const { onStarted } = this.#options;
    throwIfCancelled(this.#ending.signal);
    const uplink = above === undefined ? this.#server.uplink : this.lan(above).below;
    const { host, port } = await lan.placeFirewall(uplink);
    onStarted?.('firewall', lan.name, `${host}:${port}`);
    await lan.startIntermediary();
    const { carrier } = lan;
    const where = carrier === undefined ? `below ${above ?? SERVER.name}` : `built into ${carrier}`;
    onStarted?.('intermediary', lan.name, where, carrier === undefined ? lan.intermediary.pid : undefined);
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
    await this.#ground.close();
  }

  async #stopTiers(): Promise<void> {
    for (const lan of [...this.#lans.values()].reverse()) await lan.stopTiers();
    await this.#server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Makes and starts a topology. */
export const startTopology = (options: TopologyOptions): Promise<Topology> => new Topology(options).start();
