import { join } from 'node:path';
import {
  type Clock,
  type NodeIdentity,
  type NodeRole,
  Seconds,
  systemClock,
  systemEntropy,
} from '@postern/core';
import { type LogLine, memoryLogger } from '@postern/core/testing';
import {
  createDevice,
  type Device,
  type DeviceEvent,
  type DeviceFaults,
  type DevicePorts,
  type DeviceSettings,
  type FactoryComponent,
  manufactureDevice,
  profileNamed,
} from '@postern/device-emulator';
import { type Authority, type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { pinTimeKeys, pinVendorKeys } from '@postern/software-update';
import { startIntermediary, type TestIntermediary } from './intermediary.ts';
import { imageOf, MODEL, vendor } from './software.ts';
import { afterwards, temporaryDirectory } from './temporary.ts';

export const UPDATER = 'site-a';

/** One intermediary and its devices, on loopback. */
export interface Site {
  readonly directory: string;
  readonly authority: Authority;
  readonly intermediary: TestIntermediary;
  readonly intermediaryNode: EnrolledNode;
  enrol(role: NodeRole, name: string): Promise<EnrolledNode>;
}

/** @param clientAuthentication of the intermediary's listener; `none`: it takes devices that prove nothing */
export const startSite = async (clientAuthentication?: 'required' | 'none'): Promise<Site> => {
  const directory = await temporaryDirectory();
  const authority = await openAuthority({
    directory: join(directory, 'ca'),
    clock: systemClock,
    entropy: systemEntropy,
  });
  const enrol = (role: NodeRole, name: string): Promise<EnrolledNode> => {
    const identity: NodeIdentity = { role, name };
    return ensureNodeIdentity({
      directory: join(directory, 'pki', name),
      identity,
      authority,
      clock: systemClock,
    });
  };
  const intermediaryNode = await enrol('intermediary', UPDATER);
  const intermediary = await startIntermediary(intermediaryNode, clientAuthentication);
  return { directory, authority, intermediary, intermediaryNode, enrol };
};

/** A device, what it logs and what happens to it. */
export interface TestDevice {
  readonly device: Device;
  readonly settings: DeviceSettings;
  readonly lines: LogLine[];
  readonly events: DeviceEvent[];
  /** The next event of this type from now on. */
  next<T extends DeviceEvent['type']>(type: T): Promise<Extract<DeviceEvent, { type: T }>>;
}

export interface DeviceOptions {
  readonly id?: string;
  readonly faults?: DeviceFaults;
  readonly clock?: Clock;
  readonly requireManifest?: boolean;
  /** Bytes of the factory image. */
  readonly factoryLength?: number;
  /** Software that it leaves the factory with; firmware 1.0 unless given. */
  readonly software?: readonly FactoryComponent[];
  /** Whatever else is special about it. */
  readonly settings?: Partial<DeviceSettings>;
  readonly ports?: Partial<DevicePorts>;
}

/** Loopback, any port. */
export const LOOPBACK = { host: '127.0.0.1', port: 0 } as const;

/** A manufactured device with firmware 1.0, switched off. */
export const manufacture = async (site: Site, options: DeviceOptions = {}): Promise<TestDevice> => {
  const { id = 'mfp-1', faults = {}, clock = systemClock } = options;
  await site.enrol('device', id);
  const directory = join(site.directory, id);
  const content = imageOf('1.0', options.factoryLength ?? 500);
  await manufactureDevice({
    directory,
    profile: options.settings?.profile ?? profileNamed('mfp'),
    software: options.software ?? [{ name: 'firmware', version: '1.0', releaseCounter: 1, content }],
  });
  const { secureUrl, noticeUrl } = site.intermediary;
  const settings: DeviceSettings = {
    id,
    directory,
    profile: profileNamed('mfp'),
    model: MODEL,
    identityDirectory: join(site.directory, 'pki', id),
    soap: LOOPBACK,
    ftp: LOOPBACK,
    intermediary: { name: UPDATER, secureUrl, noticeUrl },
    updaters: [],
    secureLink: 'mutual',
    bulkPathKind: 'ftp',
    clock: 'real-time',
    panelOrders: 'updater',
    engineStartUp: Seconds(0),
    requireManifest: options.requireManifest ?? true,
    faults,
    ...options.settings,
  };
  return switchable(settings, clock, options.ports);
};

/** The same device directory under another process's eyes, so to speak: a new device object over what the disk holds. */
export const switchable = (
  settings: DeviceSettings,
  clock: Clock = systemClock,
  ports: Partial<DevicePorts> = {},
): TestDevice => {
  const logger = memoryLogger();
  const events: DeviceEvent[] = [];
  const waiting = new Set<(event: DeviceEvent) => void>();
  const device = createDevice(settings, {
    clock,
    entropy: systemEntropy,
    logger,
    vendorTrust: pinVendorKeys([vendor.publicKeyPem]),
    timeKeys: pinTimeKeys([]),
    ...ports,
    onEvent: (_, event) => {
      events.push(event);
      for (const wake of [...waiting]) wake(event);
    },
  });
  afterwards(() => device.powerOff());
  return {
    device,
    settings,
    lines: logger.lines,
    events,
    next: (type) =>
      new Promise((resolve) => {
        const wake = (event: DeviceEvent): void => {
          if (event.type !== type) return;
          waiting.delete(wake);
          resolve(event as Extract<DeviceEvent, { type: typeof type }>);
        };
        waiting.add(wake);
      }),
  };
};
