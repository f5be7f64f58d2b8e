import type { device } from '@postern/contracts';
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
  { host, bulkPort, plainPort, model }: NonNullable<LinkEntry['address']>,
  known: device.DeviceInformation | undefined,
): device.DeviceInformation => ({
  deviceId,
  components: { item: [] },
  ...known,
  model,
  bulkPathKind: 'ftp',
  bulkPath: { host, port: bulkPort },
  plainPath: { host, port: plainPort },
});
