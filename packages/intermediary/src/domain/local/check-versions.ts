import { errorCode, type Logger } from '@postern/core';
import type { UpdaterState } from '@postern/software-update';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';
import { versionsOf } from '../shelf/order-shelf.ts';
import type { Shelf } from '../shelf/shelf.ts';
import { shelfId } from '../shelf/shelf.ts';
import type { OrderLocally } from '../updates/local-order.ts';
import type { UpdateStore } from '../updates/ports.ts';
import { eachDevice } from './each-device.ts';
import type { UpdateHistory } from './ports.ts';

export interface CheckVersionsOptions {
  readonly devices: DeviceStore;
  readonly shelf: Shelf;
  readonly updates: UpdateStore;
  readonly history: UpdateHistory;
  readonly orderLocally: OrderLocally;
  readonly logger: Logger;
}

/** Failures that the same software has again, however often it is ordered. */
const PERMANENT: readonly string[] = [
  'wrong-model',
  'release-counter-too-low',
  'component-unknown',
  'manifest-malformed',
  'manifest-signature-invalid',
  'manifest-required',
  'boot-failed',
];

/**
 * Orders the newest software of the shelf for every device that lacks it and has no update under way. What ended for
 * good for a device, cancelled by an operator for instance, is not ordered for it again until the shelf has other
 * software.
 *
 * @spec I3 I4
 */
export const checkVersions = (options: CheckVersionsOptions): void => {
  const { devices, updates, orderLocally, logger } = options;
  let ordered = 0;
  for (const device of eachDevice(devices)) {
    const { deviceId } = device.information;
    if (device.released || updates.countUndecided(deviceId) > 0 || !isWorthwhile(options, device)) continue;
    try {
      orderLocally('schedule', deviceId);
      ordered += 1;
    } catch (error) {
      logger.warn('A scheduled update was refused', {
        device: deviceId,
        code: errorCode(error, 'internal-error'),
      });
    }
  }
  logger.info('Versions were checked', { ordered });
};

const isWorthwhile = (
  { shelf, updates, history }: CheckVersionsOptions,
  { information }: RegisteredDevice,
): boolean => {
  const software = shelf.newestFor(information.model, versionsOf(information));
  if (software === undefined) return false;
  const jobId = history.newestOf(information.deviceId);
  const last = jobId === undefined ? undefined : updates.get(jobId);
  return last === undefined || shelfId(last.job.signedManifest) !== software.id || !isForGood(last.state);
};

const isForGood = ({ outcome }: UpdaterState): boolean =>
  outcome !== undefined && (outcome.state !== 'failed' || PERMANENT.includes(outcome.failure.code));
