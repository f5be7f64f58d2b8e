import type { device, types } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { DeviceStore } from '../devices.ts';
import type { LinkConfig, LinkEntry } from './device-links.ts';

/**
 * Registers devices whose addresses are configured because they have no TLS to register with. What such a device is
 * known to run stays; the list of devices changes only when something of it did.
 *
 * @spec P1
 */
export const registerConfigured = (
  { devices: entries }: LinkConfig,
  devices: DeviceStore,
  now: Instant,
): void => {
  for (const [deviceId, { address }] of Object.entries(entries)) {
    if (address === undefined) continue;
    const known = devices.get(deviceId)?.information;
    const information = configuredInformation(deviceId, address, known);
    if (JSON.stringify(known) !== JSON.stringify(information)) {
      devices.register(information, address.host, now);
    }
  }
};

const configuredInformation = (
  deviceId: string,
  { host, bulkPort, plainPort, model, components = {} }: NonNullable<LinkEntry['address']>,
  known: device.DeviceInformation | undefined,
): device.DeviceInformation => ({
  deviceId,
  ...known,
  components:
    known === undefined || known.components.item.length === 0 ? asItems(components) : known.components,
  model,
  bulkPathKind: 'ftp',
  bulkPath: { host, port: bulkPort },
  plainPath: { host, port: plainPort },
});

/**
 * A version report of a configured device was read: it is what the device would have registered with.
 *
 * @returns whether the list of devices changed
 */
export const learnVersions = (
  { devices: entries }: LinkConfig,
  devices: DeviceStore,
  deviceId: string,
  versions: Readonly<Record<string, string>>,
  now: Instant,
): boolean => {
  const known = devices.get(deviceId);
  if (known === undefined || entries[deviceId]?.address === undefined) return false;
  const components = asItems(versions);
  if (JSON.stringify(known.information.components) === JSON.stringify(components)) return false;
  devices.register({ ...known.information, components }, known.address, now);
  return true;
};

const asItems = (versions: Readonly<Record<string, string>>): types.ComponentVersions => ({
  item: Object.entries(versions).map(([component, version]) => ({ component, version })),
});
