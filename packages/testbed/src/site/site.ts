import { Readable } from 'node:stream';
import type { Clock, Entropy, Logger } from '@postern/core';
import type { Device } from '@postern/device-emulator';
import type { OperationClient, WireSoftware } from '@postern/intermediary/operation';
import { type BundleEntry, packBundle } from '@postern/storage';
import type { Firewall } from '../firewall/index.ts';
import type { LanPlan } from '../topology/plan.ts';
import type { RealTopologyOptions } from '../topology/real-options.ts';
import { RealTopology } from '../topology/real-topology.ts';
import type { CallTaps } from './call-taps.ts';
import type { DeviceTaps } from './device-taps.ts';
import type { Lan } from './lan.ts';
import { imagesOf, type Operator, type Release } from './operator.ts';
import type { DeviceChoices, IntermediaryChoices } from './site-config.ts';
import type { SiteFiles } from './site-files.ts';

/** A topology of one LAN. */
export interface SiteOptions
  extends Pick<RealTopologyOptions, 'directory' | 'taps' | 'server' | 'vendorKeys' | 'revocations'>,
    Pick<LanPlan, 'intermediary' | 'uplinkThrough' | 'line'> {
  readonly devices: NonNullable<LanPlan['devices']>;
  /** Each tier as a process of its own (the `postern` command), or all in this one. */
  readonly processes?: boolean;
  /** The intermediary's. Default: `site-a`. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  readonly logger?: Logger;
}

const NAME = 'site-a';

/**
 * A site of Fig 1 A: a topology with one LAN, whose parts are reached without its name.
 *
 * @spec T1
 */
export class Site {
  readonly topology: RealTopology;
  /** Everything behind the firewall. */
  readonly lan: Lan;

  constructor({
    devices,
    name = NAME,
    intermediary,
    uplinkThrough,
    line,
    processes,
    ...options
  }: SiteOptions) {
    const sites: readonly LanPlan[] = [
      {
        name,
        devices,
        ...(intermediary === undefined ? {} : { intermediary }),
        ...(line === undefined ? {} : { line }),
        uplinkThrough,
      },
    ];
    this.topology = new RealTopology({
      ...options,
      run: processes === true ? 'processes' : 'in-process',
      sites,
    });
    this.lan = this.topology.lan(name);
  }

  get name(): string {
    return this.lan.name;
  }

  get files(): SiteFiles {
    return this.lan.files;
  }

  get server(): RealTopology['server'] {
    return this.topology.server;
  }

  get operator(): Operator {
    return this.topology.operator;
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
    return this.lan.emulated(id);
  }

  /** Puts a release on the site's shelf, as somebody brings it on a medium. */
  async shelve(release: Release): Promise<WireSoftware> {
    const signedManifest = await this.operator.sign(release);
    return this.operations.importSoftware(packBundle(entriesOf(signedManifest, release)));
  }

  async start(): Promise<this> {
    await this.topology.start();
    return this;
  }

  startServer(): Promise<void> {
    return this.topology.startServer();
  }

  /** Starts the intermediary, again on the ports it had. */
  startIntermediary(choices?: IntermediaryChoices): Promise<void> {
    return this.lan.startIntermediary(choices);
  }

  /** Starts the devices, with other faults where `changes` names them. */
  startFleet(changes?: Readonly<Record<string, Partial<DeviceChoices>>>): Promise<void> {
    return this.lan.startFleet(changes);
  }

  close(): Promise<void> {
    return this.topology.close();
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
