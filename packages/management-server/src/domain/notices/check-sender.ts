import { routeMistake } from '@postern/soap-rpc';
import { serverError } from '../../errors.ts';
import type { Stores } from '../ports.ts';

/** Who brings a delivery, and on which way it came. */
export interface Sender {
  readonly intermediary: string;
  readonly deviceId: string;
  /** The intermediary that took it from the device first. */
  readonly route: readonly string[];
}

/**
 * An intermediary speaks for its own devices, those behind intermediaries below it, itself and those.
 *
 * @throws PosternError `device-foreign`, `device-unknown`, `route-loop`, `route-too-long`
 */
export const checkSender = (
  stores: Pick<Stores, 'devices' | 'sites' | 'sitesBelow'>,
  { intermediary, deviceId, route }: Sender,
): void => {
  if (route.at(-1) !== intermediary) {
    throw serverError('device-foreign', `The route of the delivery does not end at ${intermediary}`);
  }
  const mistake = routeMistake(undefined, route);
  if (mistake !== undefined) {
    throw serverError(mistake, `The route of a delivery of ${deviceId} is not possible`);
  }
  if (deviceId === intermediary) return;
  const owner =
    stores.devices.find(deviceId)?.intermediary ??
    ownerOfIntermediary(stores, { intermediary, deviceId, route });
  if (owner === undefined) {
    throw serverError('device-unknown', `${intermediary} has not reported a device ${deviceId}`);
  }
  if (owner !== intermediary) {
    throw serverError('device-foreign', `${deviceId} does not belong to ${intermediary}`);
  }
};

/** An intermediary below speaks for itself, as the first one of the route. One that polls itself is nobody's. */
const ownerOfIntermediary = (
  stores: Pick<Stores, 'sites' | 'sitesBelow'>,
  { intermediary, deviceId, route }: Sender,
): string | undefined => {
  if (route[0] !== deviceId) return undefined;
  if (stores.sitesBelow.find(deviceId)?.via === intermediary) return intermediary;
  return stores.sites.all().some((site) => site.intermediary === deviceId) ? deviceId : intermediary;
};
