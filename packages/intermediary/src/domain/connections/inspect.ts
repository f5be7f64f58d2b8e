import type { device } from '@postern/contracts';
import { type Clock, type Duration, withDeadline } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { DeviceEndpoint } from '../devices.ts';

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

export interface InspectOptions {
  readonly inspectDevice: InspectDevice;
  readonly clock: Clock;
  readonly exchangeTimeout: Duration;
}

/**
 * What a device at an address says of itself; where it was reached there, it is reached again.
 *
 * @throws PosternError `device-mismatch`, `deadline-exceeded`, or those of {@link InspectDevice}
 */
export const inspectNamed = async (
  { inspectDevice, clock, exchangeTimeout }: InspectOptions,
  deviceId: string,
  endpoint: DeviceEndpoint,
  signal: AbortSignal,
): Promise<device.DeviceInformation> => {
  const told = await withDeadline(clock, exchangeTimeout, 'The exchange with the device', signal, (bounded) =>
    inspectDevice(deviceId, endpoint, bounded),
  );
  if (told.deviceId === deviceId) return { ...told, securePath: endpoint };
  throw intermediaryError('device-mismatch', `${told.deviceId} answers there, not ${deviceId}`);
};
