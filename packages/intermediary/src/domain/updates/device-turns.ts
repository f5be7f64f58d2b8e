import type { OpenUpdate } from './open-update.ts';
import { isIndebted } from './supersede.ts';

type Standing = Pick<OpenUpdate, 'schedule' | 'state'>;

/**
 * Whether an update may run beside the others of its device, of which only one may talk to it. The active one comes
 * first: until it is decided, those that owe an erasure stand still, also those that only wait for the server, so that
 * none holds a state of its own while its debt may be ended for it. Without an active one each try of an erasure is a
 * turn: whose is due first has it, for nobody knows which of the passwords the device has.
 *
 * @param ofDevice all open updates of the device, in the order in which they came
 * @spec U9 U10 U13
 */
export const mayRun = <T extends Standing>(update: T, ofDevice: readonly T[]): boolean => {
  if (update.schedule !== 'closing') return update.schedule === 'active';
  if (!isIndebted(update.state)) return true;
  if (ofDevice.some(({ schedule }) => schedule === 'active')) return false;
  return update.state.phase === 'reporting' || nextToErase(ofDevice) === update;
};

/** The indebted update whose erasure is due first; of several the oldest. */
const nextToErase = <T extends Standing>(ofDevice: readonly T[]): T | undefined =>
  ofDevice
    .filter(({ state }) => state.phase === 'owing')
    .sort(({ state: one }, { state: other }) => (one.notBefore ?? 0) - (other.notBefore ?? 0))
    .at(0);

/** Whether another update of the device has yet to stop before one may begin to run. */
export const mustWait = <T extends Standing & Pick<OpenUpdate, 'run'>>(ofDevice: readonly T[]): boolean =>
  ofDevice.some((update) => update.run !== undefined && !mayRun(update, ofDevice));

export const byDevice = (updates: Iterable<OpenUpdate>): ReadonlyMap<string, readonly OpenUpdate[]> => {
  const devices = new Map<string, OpenUpdate[]>();
  for (const update of updates) {
    const { deviceId } = update.job;
    const known = devices.get(deviceId);
    if (known === undefined) devices.set(deviceId, [update]);
    else known.push(update);
  }
  return devices;
};
