import { SERVER_ERRORS } from '../errors.ts';
import type { Acceptance } from './accept-answers.ts';
import { withdrawRequests } from './accept-answers.ts';
import type { DeviceRecord } from './records.ts';
import { nextState } from './update-state.ts';

/**
 * What was meant for a device follows it to its new place, if the old one did not fetch it yet. An update that the old
 * one has begins nowhere else: it ends here, and whoever ordered it may order it again.
 *
 * @param device as it is now
 * @param from the intermediary that polled for it before
 * @spec T2
 */
export const followDevice = (acceptance: Acceptance, device: DeviceRecord, from: string): void => {
  const { stores } = acceptance;
  const { intermediary } = device;
  const { deviceId } = device.information;
  const update = stores.updates.findOpen(deviceId);
  if (update?.state === 'ordered') stores.updates.save({ ...update, intermediary });
  else if (update !== undefined) endAtOldPlace(acceptance, update.id, from, intermediary);
  for (const request of stores.requests.unsent(deviceId)) {
    // One that is for a certain place stays with it.
    if (request.at === undefined) stores.requests.save({ ...request, intermediary });
  }
};

const endAtOldPlace = (
  { stores, now, events }: Acceptance,
  updateId: string,
  from: string,
  to: string,
): void => {
  const update = stores.updates.find(updateId);
  const state = update && nextState(update.state, 'device-moved');
  if (update === undefined || state === undefined) return;
  const failure = {
    code: 'device-moved',
    message: `The device has moved from ${from} to ${to} while ${from} was to update it`,
    hint: SERVER_ERRORS['device-moved'],
  };
  const ended = { ...update, state, result: { components: [], failure }, finishedAt: now };
  stores.updates.save(ended);
  withdrawRequests(stores, updateId, now);
  events.push({ type: 'finished', updateId, update: ended });
};
