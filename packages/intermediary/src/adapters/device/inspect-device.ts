import { Instant } from '@postern/core';
import type { InspectDevice } from '../../domain/connections/inspect.ts';
import type { DeviceEndpoint, DeviceStore } from '../../domain/devices.ts';
import type { DeviceClient } from './device-client.ts';

/** Asks a device at an address for its information, as if it had registered from there. */
export const inspectDevice =
  (clientFor: (devices: Pick<DeviceStore, 'get'>) => DeviceClient): InspectDevice =>
  async (deviceId, endpoint, signal) => {
    const client = clientFor({ get: () => assumed(deviceId, endpoint) });
    return (await client.call(deviceId, 'GetDeviceInformation', {}, signal)).device;
  };

const assumed = (deviceId: string, endpoint: DeviceEndpoint) => ({
  information: {
    deviceId,
    model: 'not known yet',
    components: { item: [] },
    bulkPathKind: 'ftp' as const,
    securePath: endpoint,
  },
  address: endpoint.host,
  lastContact: Instant(0),
  revision: 0,
  released: false,
});
