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
import type { Device } from '@postern/device-emulator';
import type { OperationClient, WireSoftware } from '@postern/intermediary/operation';
import type { ServerConfigInput } from '@postern/management-server';
import { type BundleEntry, packBundle } from '@postern/storage';
import type { Firewall, FirewallOptions } from '../firewall/index.ts';
import type { TamperingRules } from '../tampering/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { CallTaps } from './call-taps.ts';
import type { DeviceTaps } from './device-taps.ts';
import { Lan } from './lan.ts';
import { imagesOf, Operator, type Release } from './operator.ts';
import { present } from './present.ts';
import {
  type DeviceChoices,
  type DeviceOfSite,
  deviceIdentity,
  type IntermediaryChoices,
  intermediaryIdentity,
  LOOPBACK,
  SERVER,
  type ServerChoices,
  serverConfig,
} from './site-config.ts';
import { prepareSiteFiles, type SiteFiles, siteFiles } from './site-files.ts';
import { serverTier } from './site-tiers.ts';
import type { Tier } from './tier.ts';
import type { ServerReady } from './tier-kinds.ts';

export interface SiteOptions {
  /** Everything of the site is kept here; a site made again on the same directory goes on with it. */
  readonly directory: string;
  readonly devices: readonly (DeviceOfSite & { readonly rules?: TamperingRules })[];
  /** Each tier as a process of its own (the `postern` command), or all in this one. */
  readonly processes?: boolean;
  /** Puts taps between the intermediary and each device, both ways, and records what passes them and the firewall. */
  readonly taps?: boolean;
  readonly server?: ServerChoices;
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
  /** Everything behind the firewall. */
  readonly lan: Lan;
  readonly #options: SiteOptions;
  readonly #clock: Clock;
  #operator: Operator | undefined;
  #starting: Promise<void> | undefined;
  readonly #ending = new AbortController();

  constructor(options: SiteOptions) {
    const { clock = systemClock, entropy = systemEntropy, logger = silentLogger } = options;
    this.#options = options;
    this.#clock = clock;
    this.name = options.name ?? 'site-a';
    this.files = siteFiles(options.directory, options.vendorKeys, options.revocations);
    const ports = { clock, entropy, logger };
    this.server = serverTier(options.processes === true ? this.files.directory : undefined, ports);
    this.lan = new Lan({
      ...options,
      ...ports,
      name: this.name,
      files: this.files,
      timeKeyFile: () => this.server.ready.timeKeyFile,
    });
  }

  get firewall(): Firewall {
    return this.lan.firewall;
  }

  get intermediary(): Lan['intermediary'] {
    return this.lan.intermediary;
  }

  get fleet(): Lan['fleet'] {
    return this.lan.fleet;
  }

  get operator(): Operator {
    return present(this.#operator, 'operator');
  }

  /** What stands between the devices and the intermediary that they call. */
  get callTaps(): CallTaps {
    return this.lan.callTaps;
  }

  /** The operation port of the intermediary. */
  get operations(): OperationClient {
    return this.lan.operations;
  }

  taps(deviceId: string): DeviceTaps {
    return this.lan.taps(deviceId);
  }

  /** A device with its power switch; only of a site that runs in this process. */
  device(id: string): Device {
    return this.lan.device(id);
  }

  /** Puts a release on the site's shelf, as somebody brings it on a medium. */
  async shelve(release: Release): Promise<WireSoftware> {
    const signedManifest = await this.operator.sign(release);
    return this.operations.importSoftware(packBundle(entriesOf(signedManifest, release)));
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
    const { devices, onStarted, uplinkThrough } = this.#options;
    const nodes = [SERVER, intermediaryIdentity(this.name), ...devices.map(({ id }) => deviceIdentity(id))];
    const { signal } = this.#ending;
    await prepareSiteFiles(this.files, nodes, devices);
    throwIfCancelled(signal);
    await this.startServer();
    const { uplinkPort, restPort, operatorTokenFile } = this.server.ready;
    onStarted?.('server', `https://${LOOPBACK}:${restPort}`, this.server.pid);
    this.#operator = await Operator.connect(this.#clock, this.files, restPort, operatorTokenFile);
    const server = { host: LOOPBACK, port: uplinkPort };
    const { port } = await this.lan.placeFirewall((await uplinkThrough?.(server)) ?? server);
    onStarted?.('firewall', `${LOOPBACK}:${port}`);
    throwIfCancelled(signal);
    await this.startIntermediary();
    onStarted?.('intermediary', this.name, this.intermediary.pid);
    throwIfCancelled(signal);
    if (devices.length === 0) return;
    await this.startFleet();
    onStarted?.('devices', devices.map(({ id }) => id).join(', '), this.fleet.pid);
  }

  /** Starts the server, again on the ports it had. */
  async startServer(): Promise<void> {
    const ports = this.#lastServerPorts ?? { uplink: 0, rest: 0 };
    const { uplinkPort, restPort } = await this.server.start(
      serverConfig(this.files, ports, this.#options.server),
    );
    this.#lastServerPorts = { uplink: uplinkPort, rest: restPort };
  }
  #lastServerPorts: { uplink: number; rest: number } | undefined;

  /** Starts the intermediary, again on the ports it had. */
  startIntermediary(choices?: IntermediaryChoices): Promise<void> {
    return this.lan.startIntermediary(choices);
  }

  /** Starts the devices, with other faults where `changes` names them. */
  startFleet(changes?: Readonly<Record<string, Partial<DeviceChoices>>>): Promise<void> {
    return this.lan.startFleet(changes);
  }

  /** Ends everything, from the devices up; a start under way goes no further. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#stopTiers();
    // A tier that was about to start when its turn to be stopped was over.
    await this.#starting?.catch(() => {});
    await this.#stopTiers();
    await this.lan.close();
    await this.#operator?.client.close();
  }

  async #stopTiers(): Promise<void> {
    await this.lan.stopTiers();
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

/** Makes and starts a site. */
export const startSite = (options: SiteOptions): Promise<Site> => new Site(options).start();
