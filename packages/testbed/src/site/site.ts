import { Readable } from 'node:stream';
import {
  type Clock,
  type Entropy,
  type Logger,
  silentLogger,
  systemClock,
  systemEntropy,
  throwIfCancelled,
} from '@postern/core';
import type { Device, DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import { OperationClient, operationSocket, type WireSoftware } from '@postern/intermediary/operation';
import type { ServerConfigInput } from '@postern/management-server';
import { type BundleEntry, packBundle } from '@postern/storage';
import { testbedError } from '../errors.ts';
import { createFirewall, type Firewall, type FirewallOptions } from '../firewall/index.ts';
import type { TamperingRules } from '../tampering/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import { type CallTaps, tapCalls } from './call-taps.ts';
import { type DeviceTaps, tapDevice } from './device-taps.ts';
import { imagesOf, Operator, type Release } from './operator.ts';
import {
  type DeviceChoices,
  type DeviceOfSite,
  deviceIdentity,
  fleetConfig,
  type IntermediaryChoices,
  intermediaryConfig,
  intermediaryIdentity,
  linksOf,
  SERVER,
  serverConfig,
} from './site-config.ts';
import { prepareSiteFiles, type SiteFiles, siteFiles } from './site-files.ts';
import {
  type FleetReady,
  type IntermediaryReady,
  localTiers,
  processTiers,
  type ServerReady,
  type SiteTiers,
} from './site-tiers.ts';
import type { Tier } from './tier.ts';

export interface SiteOptions {
  /** Everything of the site is kept here; a site made again on the same directory goes on with it. */
  readonly directory: string;
  readonly devices: readonly (DeviceOfSite & { readonly rules?: TamperingRules })[];
  /** Each tier as a process of its own (the `postern` command), or all in this one. */
  readonly processes?: boolean;
  /** Puts taps between the intermediary and each device, both ways, and records what passes them and the firewall. */
  readonly taps?: boolean;
  readonly intermediary?: IntermediaryChoices;
  /** How many keys the vendor has: all tiers demand signatures with each of them. Default: 1. */
  readonly vendorKeys?: number;
  /** Gives every tier a revocation list of the CA. Default: false, nobody can be revoked. */
  readonly revocations?: boolean;
  /** Somebody on the internet whom the site's connections to the server pass: told where the server is. */
  readonly uplinkThrough?: (server: Endpoint) => Promise<Endpoint>;
  /** How slow the site's line to the internet is. Default: as fast as loopback. */
  readonly line?: Pick<FirewallOptions, 'delay' | 'bytesPerSecond' | 'idleTimeout'>;
  readonly name?: string;
  readonly clock?: Clock;
  /** Of tiers in this process; others take the system's. */
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** Told what starts, in order. */
  readonly onStarted?: (
    tier: 'server' | 'firewall' | 'intermediary' | 'devices',
    address: string,
    pid?: number,
  ) => void;
}

/**
 * A site of Fig 1 A: management server, firewall, intermediary, devices, all real, on loopback.
 *
 * @spec T1
 */
export class Site {
  readonly files: SiteFiles;
  readonly name: string;
  readonly server: Tier<ServerConfigInput, ServerReady>;
  readonly intermediary: Tier<IntermediaryConfigInput, IntermediaryReady>;
  readonly fleet: Tier<DeviceFleetConfigInput, FleetReady>;
  readonly #options: SiteOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #taps = new Map<string, DeviceTaps>();
  #callTaps: CallTaps | undefined;
  readonly #closers: (() => Promise<void>)[] = [];
  #firewall: Firewall | undefined;
  #uplink: Endpoint | undefined;
  #operator: Operator | undefined;
  #starting: Promise<void> | undefined;
  readonly #ending = new AbortController();

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.name = options.name ?? 'site-a';
    this.files = siteFiles(options.directory, options.vendorKeys, options.revocations);
    const tiers = options.processes
      ? processTiers(this.#clock, this.files.directory)
      : localTiers({ clock: this.#clock, entropy: options.entropy ?? systemEntropy, logger: this.#logger });
    this.server = tiers.server;
    this.intermediary = tiers.intermediary;
    this.fleet = tiers.fleet;
    this.#localFleet = tiers.localFleet;
  }

  get firewall(): Firewall {
    return present(this.#firewall, 'firewall');
  }

  get operator(): Operator {
    return present(this.#operator, 'operator');
  }

  taps(deviceId: string): DeviceTaps {
    return present(this.#taps.get(deviceId), `tap of ${deviceId}`);
  }

  /** A device with its power switch; only of a site that runs in this process. */
  device(id: string): Device {
    const fleet = present(this.#localFleet, 'fleet in this process');
    return present(fleet.running.devices.get(id), `device ${id}`);
  }
  /** Puts a release on the site's shelf, as somebody brings it on a medium. */
  async shelve(release: Release): Promise<WireSoftware> {
    const signedManifest = await this.operator.sign(release);
    return this.operations.importSoftware(packBundle(entriesOf(signedManifest, release)));
  }

  readonly #localFleet: SiteTiers['localFleet'];

  /** What stands between the devices and the intermediary that they call. */
  get callTaps(): CallTaps {
    return present(this.#callTaps, 'tap of the intermediary');
  }

  /** The operation port of the intermediary. */
  get operations(): OperationClient {
    const socket = operationSocket(this.files.intermediaryDataDir, this.#operationSocket);
    return new OperationClient(socket);
  }
  #operationSocket: string | undefined;

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
    const { devices, onStarted } = this.#options;
    const nodes = [SERVER, intermediaryIdentity(this.name), ...devices.map(({ id }) => deviceIdentity(id))];
    const { signal } = this.#ending;
    await prepareSiteFiles(this.files, nodes, devices);
    throwIfCancelled(signal);
    await this.startServer();
    onStarted?.('server', `https://${LOOPBACK}:${this.server.ready.restPort}`, this.server.pid);
    const { uplinkPort, restPort, operatorTokenFile } = this.server.ready;
    const operator = await Operator.connect(this.#clock, this.files, restPort, operatorTokenFile);
    this.#operator = operator;
    this.#closers.push(() => operator.client.close());
    const inside = { host: LOOPBACK };
    const recorded = this.#options.taps === true;
    const { line } = this.#options;
    const firewall = await createFirewall({
      clock: this.#clock,
      logger: this.#logger,
      inside,
      recorded,
      ...line,
    });
    this.#firewall = firewall;
    this.#closers.push(() => firewall.close());
    const server = { host: LOOPBACK, port: uplinkPort };
    this.#uplink = await firewall.openOutbound((await this.#options.uplinkThrough?.(server)) ?? server);
    onStarted?.('firewall', `${LOOPBACK}:${this.#uplink.port}`);
    throwIfCancelled(signal);
    await this.startIntermediary();
    onStarted?.('intermediary', this.name, this.intermediary.pid);
    if (this.#options.taps) await this.#placeTaps();
    throwIfCancelled(signal);
    if (devices.length === 0) return;
    await this.startFleet();
    onStarted?.('devices', devices.map(({ id }) => id).join(', '), this.fleet.pid);
  }

  /** Starts the server, again on the ports it had. */
  async startServer(): Promise<void> {
    const ports = this.#lastServerPorts ?? { uplink: 0, rest: 0 };
    const { uplinkPort, restPort } = await this.server.start(serverConfig(this.files, ports));
    this.#lastServerPorts = { uplink: uplinkPort, rest: restPort };
  }
  #lastServerPorts: { uplink: number; rest: number } | undefined;

  /** Starts the intermediary, again on the ports it had. */
  async startIntermediary(choices: IntermediaryChoices = this.#options.intermediary ?? {}): Promise<void> {
    const ports = this.#lastIntermediaryPorts ?? { secure: 0, notice: 0 };
    const uplink = present(this.#uplink, 'uplink');
    const { operation } = choices;
    this.#operationSocket = typeof operation === 'object' ? operation.socket : undefined;
    const config = intermediaryConfig(this.files, this.name, uplink, ports, {
      ...choices,
      devices: linksOf(this.files, this.#options.devices, choices.devices),
    });
    const { securePort, noticePort } = await this.intermediary.start(config);
    this.#lastIntermediaryPorts = { secure: securePort, notice: noticePort };
  }
  #lastIntermediaryPorts: { secure: number; notice: number } | undefined;

  /** Starts the devices, with other faults where `changes` names them. */
  async startFleet(changes: Readonly<Record<string, Partial<DeviceChoices>>> = {}): Promise<void> {
    const ports = present(this.#lastIntermediaryPorts, 'intermediary');
    const through = this.#callTaps ?? {
      secure: { host: LOOPBACK, port: ports.secure },
      notice: { host: LOOPBACK, port: ports.notice },
    };
    const intermediary = { name: this.name, secure: through.secure, notice: through.notice };
    const devices = this.#options.devices.map(({ rules: _, link: __, ...device }) => ({
      ...device,
      ...this.#taps.get(device.id)?.addresses,
      ...changes[device.id],
    }));
    const timeKeys = devices.some(({ clock }) => clock === 'none') ? [this.server.ready.timeKeyFile] : [];
    const config = fleetConfig(this.files, intermediary, devices, timeKeys);
    const { devices: started } = await this.fleet.start(config);
    for (const { id, ports } of started) this.#taps.get(id)?.leadTo(ports);
  }

  async #placeTaps(): Promise<void> {
    const ports = present(this.#lastIntermediaryPorts, 'intermediary');
    const calls = await tapCalls(this.#clock, this.#logger, ports);
    this.#callTaps = calls;
    this.#closers.push(() => calls.close());
    for (const device of this.#options.devices) {
      const taps = await tapDevice(this.#clock, this.#logger, device, device.rules);
      this.#taps.set(device.id, taps);
      this.#closers.push(() => taps.close());
    }
  }

  /** Ends everything, from the devices up; a start under way goes no further. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#stopTiers();
    // A tier that was about to start when its turn to be stopped was over.
    await this.#starting?.catch(() => {});
    await this.#stopTiers();
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #stopTiers(): Promise<void> {
    await this.fleet.stop();
    await this.intermediary.stop();
    await this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function* entriesOf(signedManifest: Uint8Array, release: Release): AsyncGenerator<BundleEntry> {
  yield { kind: 'manifest', content: signedManifest };
  for (const { sha256, length, content } of imagesOf(release)) {
    yield { kind: 'image', sha256, length, content: Readable.from([content]) };
  }
}

const LOOPBACK = '127.0.0.1';

/** Makes and starts a site. */
export const startSite = (options: SiteOptions): Promise<Site> => new Site(options).start();

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw testbedError('tier-not-started', `The ${what} is not there (yet)`);
  return value;
};
