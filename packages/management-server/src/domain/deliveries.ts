import type { intermediary as contract, uplink } from '@postern/contracts';
import type { Clock, Logger } from '@postern/core';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';

export interface DeliveriesParts {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Notices beyond this number push out the oldest. */
  readonly mostNotices: number;
}

/**
 * Takes a device-originated request: notes it, once for each delivery, and says so. What a notice has to bring about
 * (a call answered by a person, a deferred response) is not built yet.
 *
 * @throws PosternError `device-foreign`
 */
export const acceptDelivery = (
  { stores, clock, logger, mostNotices }: DeliveriesParts,
  intermediary: string,
  delivery: uplink.Deliver,
): contract.Answer => {
  const { deliveryId, deviceId, body } = delivery;
  stores.transaction(() => {
    const device = stores.devices.find(deviceId);
    if (device !== undefined && device.intermediary !== intermediary) {
      throw serverError('device-foreign', `${deviceId} does not belong to ${intermediary}`);
    }
    if (stores.notices.find(intermediary, deliveryId) !== undefined) return;
    const content = JSON.stringify(noteOf(body));
    const notice = { deliveryId, intermediary, deviceId, kind: body.kind, content, at: clock.now() };
    stores.notices.add(notice, mostNotices);
    logger.info('notice received', { kind: body.kind, device: deviceId, intermediary });
  });
  return { inReplyTo: deliveryId, outcome: 'succeeded', text: 'noted' };
};

/** What is kept of a notice: without a journal, which can be long. */
const noteOf = (body: uplink.DeliverBody): unknown => {
  if (body.kind !== 'UpdateSoftwareResponse') return body.value;
  const { journal: _, ...note } = body.value;
  return note;
};
