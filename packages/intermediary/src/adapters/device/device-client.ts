import { type DeviceOperations, deviceContract, type uplink } from '@postern/contracts';
import { type Clock, Milliseconds } from '@postern/core';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { type DeviceStore, endpointOf, type RegisteredDevice } from '../../domain/devices.ts';
import type { DeviceRequestKind } from '../../domain/requests/device-requests.ts';
import { intermediaryError } from '../../errors.ts';

/** Where a device serves its contract. */
const PATH = '/device';

/** Calls one operation of a device over mutual TLS. */
export interface DeviceClient {
  /**
   * @throws PosternError `device-unknown`, `device-unreachable` when it registered no secure path, a transport's code
   *   or the device's own
   */
  call<K extends keyof DeviceOperations & string>(
    deviceId: string,
    operation: K,
    request: DeviceOperations[K]['request'],
    signal: AbortSignal,
  ): Promise<DeviceOperations[K]['response']>;
}

/**
 * One connection an exchange: a device exchanges two or three messages an update, minutes apart, and is spared the
 * memory of an idle TLS connection in between. The device has to prove its name, so a wrong address learns nothing.
 *
 * @spec A1
 */
export const deviceClient = (options: {
  readonly devices: DeviceStore;
  readonly node: EnrolledNode;
  readonly clock: Clock;
}): DeviceClient => ({
  call: async (deviceId, operation, request, signal) => {
    const { host, port } = secureEndpoint(deviceId, options.devices.get(deviceId));
    const client = createSoapClient(deviceContract, {
      url: `https://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`,
      clock: options.clock,
      tls: clientTlsOptions(options.node, { expect: { role: 'device', name: deviceId } }),
      connections: 1,
      keepAlive: Milliseconds(1),
    });
    try {
      return await client.call(operation, request, { signal });
    } finally {
      await client.close();
    }
  },
});

const secureEndpoint = (deviceId: string, device: RegisteredDevice | undefined) => {
  if (device === undefined) {
    throw intermediaryError('device-unknown', `No device ${deviceId} has registered here`);
  }
  const endpoint = endpointOf(device.information.securePath, device);
  if (endpoint === undefined) {
    throw intermediaryError('device-unreachable', `${deviceId} registered without a secure path`);
  }
  return endpoint;
};

/** A request that is passed through, and the device's answer as the uplink carries it. */
export const passThrough =
  (client: DeviceClient) =>
  async (kind: DeviceRequestKind, deviceId: string, signal: AbortSignal): Promise<uplink.ResponseBody> =>
    kind === 'ConfirmAlive'
      ? {
          kind: 'ConfirmAliveResponse',
          value: await client.call(deviceId, 'ConfirmAlive', {}, signal),
        }
      : {
          kind: 'GetDeviceInformationResponse',
          value: await client.call(deviceId, 'GetDeviceInformation', {}, signal),
        };
