import type { device } from '@postern/contracts';
import { type Clock, type Duration, type Logger, withDeadline } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { DeviceEndpoint, DeviceStore } from '../devices.ts';

/**
 * Asks whoever listens there what it is, on a secure path that proves what the device's link demands.
 *
 * @throws PosternError of a transport: `tls-refused` when another node answers
 */
export type InspectDevice = (
  deviceId: string,
  endpoint: DeviceEndpoint,
  signal: AbortSignal,
) => Promise<device.DeviceInformation>;

export interface AdoptDeviceOptions {
  readonly devices: DeviceStore;
  readonly inspectDevice: InspectDevice;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly exchangeTimeout: Duration;
}

/**
 * Registers a device that was found at an address, as if it had registered itself from there.
 *
 * @throws PosternError `device-mismatch`, `deadline-exceeded`, or those of {@link InspectDevice}
 * @spec I3
 */
export const adoptDevice = async (
  { devices, inspectDevice, clock, logger, exchangeTimeout }: AdoptDeviceOptions,
  deviceId: string,
  endpoint: DeviceEndpoint,
  signal: AbortSignal,
): Promise<device.DeviceInformation> => {
  const told = await withDeadline(clock, exchangeTimeout, 'The exchange with the device', signal, (bounded) =>
    inspectDevice(deviceId, endpoint, bounded),
  );
  if (told.deviceId !== deviceId) {
    throw intermediaryError('device-mismatch', `${told.deviceId} answers there, not ${deviceId}`);
  }
  const information = { ...told, securePath: endpoint };
  devices.register(information, endpoint.host, clock.now());
  logger.info('A device was adopted', { device: deviceId, model: told.model, ...endpoint });
  return information;
};
