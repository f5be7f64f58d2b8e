import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepObserver } from '@postern/contracts';
import {
  type Clock,
  createClosers,
  type Entropy,
  type Logger,
  Seconds,
  silentLogger,
  throwIfCancelled,
} from '@postern/core';
import { openNodeIdentity, openRevocationList, type RevocationList } from '@postern/pki';
import { pinTimeKeys, pinVendorKeys } from '@postern/software-update';
import { lockDirectory, requireUnlocked } from '@postern/storage/directory-lock';
import { makePrivateDirectory } from '@postern/storage/files';
import { profileNamed } from './adapters/profiles/profile-files.ts';
import { announcerOf } from './announce-devices.ts';
import {
  type DeviceFleetConfig,
  type DeviceFleetConfigInput,
  deviceConfigSchema,
  givenFaults,
} from './config.ts';
import { createDevice, type Device } from './device.ts';
import type { DeviceEvent, DevicePorts } from './device-ports.ts';
import type { Address, DeviceSettings } from './device-settings.ts';
import type { DeviceProfile } from './domain/profile.ts';
import { deviceError } from './errors.ts';
import { openPanelPage, type PanelPage } from './panel-page/panel-page.ts';

export interface FleetPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly onEvent?: (deviceId: string, event: DeviceEvent) => void;
  /** Told of the steps of Fig 10 and 11 that devices take. */
  readonly onStep?: StepObserver | undefined;
  /** Gives a start up that is under way when it aborts: devices that have started are switched off. */
  readonly signal?: AbortSignal;
  /** How many devices have started. */
  readonly onStarted?: (started: number) => void;
}

/** Devices that run in this process. */
export interface DeviceFleet {
  readonly devices: ReadonlyMap<string, Device>;
  /** Where a browser finds their panels, if the configuration has a page. */
  readonly panelUrl?: string;
  /** Switches all of them off and gives the data directory free. */
  close(): Promise<void>;
}

/** Devices that start at the same time: starting reads both slots, so more would only queue for the disk. */
const STARTING_AT_ONCE = 8;

/** The directory of one device inside the fleet's data directory. */
export const deviceDirectory = (dataDir: string, deviceId: string): string => join(dataDir, deviceId);

/**
 * Switches on the devices of a configuration, each of which must have been manufactured in its directory. When one
 * cannot start, none does.
 *
 * @throws ZodError for a bad configuration; PosternError `device-duplicate`, `profile-unreadable`, `profile-invalid`, `directory-in-use`,
 *   `revocation-list-unusable`, `panel-page-unusable` and those of {@link Device.powerOn}
 */
export const startDevices = async (
  input: DeviceFleetConfigInput,
  ports: FleetPorts,
): Promise<DeviceFleet> => {
  const { config, profiles, trusted } = await readConfig(input);
  await makePrivateDirectory(config.dataDir);
  const closers = createClosers();
  try {
    const lock = await lockDirectory(config.dataDir);
    closers.add(() => lock.release());
    const revocations = await openListOfDevices(config, ports);
    closers.add(() => revocations?.close());
    let page: PanelPage | undefined;
    const onChange = (deviceId: string): void => page?.changed(deviceId);
    const announcer = announcerOf(config, ports);
    closers.add(() => announcer?.close());
    const onEvent = (deviceId: string, event: DeviceEvent): void => {
      const device = devices.get(deviceId);
      if (device !== undefined) announcer?.follow(device, event);
      ports.onEvent?.(deviceId, event);
    };
    const devicePorts: DevicePorts = { ...ports, ...trusted, revocations, onEvent, onChange };
    const devices: ReadonlyMap<string, Device> = new Map(
      config.devices.map((entry) => [
        entry.id,
        createDevice(settingsOf(config, entry, profiles), devicePorts),
      ]),
    );
    page = await openPage(config, devices, ports);
    closers.add(() => page?.close());
    closers.add(() => switchOff(devices));
    await switchOn(devices, ports);
    return {
      devices,
      ...(page === undefined ? {} : { panelUrl: page.url }),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
};

/**
 * Refuses what {@link startDevices} would refuse before it looks at a device: for whoever has something costly to do in
 * between. Makes nothing.
 *
 * @throws ZodError for a bad configuration; PosternError `device-duplicate`, `profile-unreadable`, `profile-invalid`,
 *   `directory-in-use`, `panel-page-unusable`, and those of keys that cannot be used
 */
export const checkDevices = async (
  input: DeviceFleetConfigInput,
  { clock }: Pick<FleetPorts, 'clock'>,
): Promise<void> => {
  const { config } = await readConfig(input);
  await requireUnlocked(config.dataDir);
  await (await openPage(config, new Map(), { clock, logger: silentLogger }))?.close();
};

/** The configuration and all that it names beside the devices themselves. */
const readConfig = async (input: DeviceFleetConfigInput) => {
  const config = deviceConfigSchema.parse(input);
  requireUniqueNames(config);
  const profiles = profilesOf(config);
  const trusted = {
    vendorTrust: pinVendorKeys(await readAll(config.vendorKeyFiles), config.vendorThreshold),
    timeKeys: pinTimeKeys(await readAll(config.timeKeyFiles)),
  };
  return { config, profiles, trusted };
};

const openPage = async (
  { panelPage }: DeviceFleetConfig,
  devices: ReadonlyMap<string, Device>,
  { clock, logger }: Pick<FleetPorts, 'clock' | 'logger'>,
): Promise<PanelPage | undefined> =>
  panelPage === undefined ? undefined : openPanelPage({ ...panelPage, devices, clock, logger });

const switchOff = async (devices: ReadonlyMap<string, Device>): Promise<void> => {
  await Promise.all([...devices.values()].map((device) => device.powerOff()));
};

const readAll = (paths: readonly string[]): Promise<string[]> =>
  Promise.all(paths.map((path) => readFile(path, 'utf8')));

/** One list for all devices of the process: their certificates are of one CA. */
const openListOfDevices = async (
  { revocationListFile, devices }: DeviceFleetConfig,
  { clock, logger }: FleetPorts,
): Promise<RevocationList | undefined> => {
  const [first] = devices;
  if (revocationListFile === undefined || first === undefined) return undefined;
  // Each device says of its own certificate whether it is valid.
  const { caPem } = await openNodeIdentity({ directory: first.identityDir, clock, onInvalid: () => {} });
  return openRevocationList({ path: revocationListFile, caPem, clock, logger });
};

/** Each is read once, however many devices are of its kind. */
const profilesOf = ({ devices }: DeviceFleetConfig): ReadonlyMap<string, DeviceProfile> =>
  new Map([...new Set(devices.map(({ profile }) => profile))].map((name) => [name, profileNamed(name)]));

/** Starts a few at a time. After the first failure no further one is begun, and those under way are waited for. */
const switchOn = async (
  devices: ReadonlyMap<string, Device>,
  { signal, onStarted }: FleetPorts,
): Promise<void> => {
  const waiting = devices.values();
  let failed = false;
  let started = 0;
  const worker = async (): Promise<void> => {
    for (const device of waiting) {
      if (failed) return;
      throwIfCancelled(signal);
      await device.powerOn().catch((error: unknown) => {
        failed = true;
        throw error;
      });
      started += 1;
      onStarted?.(started);
    }
  };
  // A device that waits for its port would hold the end up.
  const giveUp = (): void => void switchOff(devices);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const results = await Promise.allSettled(Array.from({ length: STARTING_AT_ONCE }, worker));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
};

const settingsOf = (
  { dataDir, intermediary }: DeviceFleetConfig,
  entry: DeviceFleetConfig['devices'][number],
  profiles: ReadonlyMap<string, DeviceProfile>,
): DeviceSettings => {
  const { id, identityDir, soap, ftp, plain, passwordListFile, erasure } = entry;
  const { secureLink, updaters, clock, panelOrders, requireManifest } = entry;
  const profile = profiles.get(entry.profile) ?? profileNamed(entry.profile);
  return {
    id,
    directory: deviceDirectory(dataDir, id),
    profile,
    model: entry.model ?? profile.model,
    identityDirectory: identityDir,
    soap: addressOf(soap),
    ftp: addressOf(ftp),
    ...(plain === undefined ? {} : { plain: addressOf(plain) }),
    intermediary,
    updaters,
    secureLink,
    bulkPathKind: entry.bulkPathKind ?? profile.bulkPathKind,
    clock,
    ...(passwordListFile === undefined ? {} : { passwordListFile }),
    ...(erasure === undefined ? {} : { erasure }),
    panelOrders,
    ...(entry.engineStartUp === undefined ? {} : { engineStartUp: Seconds(entry.engineStartUp) }),
    callTimeout: Seconds(entry.callTimeout),
    requireManifest,
    faults: givenFaults(entry.faults),
  };
};

const addressOf = ({
  host,
  port,
  advertisedHost,
  advertisedPort,
}: DeviceFleetConfig['devices'][number]['soap']): Address => ({
  host,
  port,
  ...(advertisedHost === undefined ? {} : { advertisedHost }),
  ...(advertisedPort === undefined ? {} : { advertisedPort }),
});

const requireUniqueNames = ({ devices }: DeviceFleetConfig): void => {
  const names = new Set<string>();
  const twice = devices.map(({ id }) => id).find((id) => names.size === names.add(id).size);
  if (twice !== undefined) throw deviceError('device-duplicate', `Two devices are called ${twice}`);
};
