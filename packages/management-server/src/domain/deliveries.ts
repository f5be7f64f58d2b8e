import type { intermediary as contract, uplink } from '@postern/contracts';
import { type Clock, errorCode, type Logger } from '@postern/core';
import { serverError } from '../errors.ts';
import type { LiveEvent, LiveUpdates } from './live-updates.ts';
import { acceptLocalUpdate } from './local-updates.ts';
import type { Stores } from './ports.ts';
import type { AuditRecord } from './records.ts';

export interface DeliveriesParts {
  readonly stores: Stores;
  readonly live: LiveUpdates;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Notices beyond this number push out the oldest. */
  readonly mostNotices: number;
  readonly auditRecords: number;
  /** Called after an update that was not ordered here was recorded. */
  readonly onLocalUpdate: () => void;
}

/**
 * Takes what comes up of a site's own accord: the result of an update that the site ordered, which becomes an update
 * here, or a request of a device, which is noted, once for each delivery. What a notice has to bring about (a call
 * answered by a person, a deferred response) is not built yet, and the answer says so.
 *
 * @throws PosternError `device-unknown`, `device-foreign`, `request-foreign`, `response-unexpected`: nothing was stored
 *   but an audit record
 */
export const acceptDelivery = (
  parts: DeliveriesParts,
  intermediary: string,
  delivery: uplink.Deliver,
): contract.Answer => {
  const { stores, live, clock } = parts;
  const events: LiveEvent[] = [];
  const { deliveryId, body } = delivery;
  auditingRefusal(parts, intermediary, delivery, () =>
    stores.transaction(() => {
      if (body.kind === 'UpdateSoftwareResponse') {
        acceptLocalUpdate(
          { stores, intermediary, now: clock.now(), events, ended: [] },
          delivery,
          body.value,
        );
      } else noteOnce(parts, intermediary, delivery);
    }),
  );
  live.publish(events);
  if (events.length > 0) parts.onLocalUpdate();
  if (body.kind === 'UserCall') {
    return { inReplyTo: deliveryId, outcome: 'failed', text: 'Noted, but nobody answers calls here yet' };
  }
  return { inReplyTo: deliveryId, outcome: 'succeeded', text: 'noted' };
};

const noteOnce = (
  { stores, clock, logger, mostNotices }: DeliveriesParts,
  intermediary: string,
  { deliveryId, deviceId, body }: uplink.Deliver,
): void => {
  const device = stores.devices.find(deviceId);
  if (device !== undefined && device.intermediary !== intermediary) {
    throw serverError('device-foreign', `${deviceId} does not belong to ${intermediary}`);
  }
  if (stores.notices.find(intermediary, deliveryId) !== undefined) return;
  const content = JSON.stringify(body.value);
  const notice = { deliveryId, intermediary, deviceId, kind: body.kind, content, at: clock.now() };
  stores.notices.add(notice, mostNotices);
  logger.info('notice received', { kind: body.kind, device: deviceId, intermediary });
};

const AUDITED: readonly string[] = [
  'device-foreign',
  'request-foreign',
  'response-unexpected',
] satisfies readonly AuditRecord['code'][];

const auditingRefusal = (
  { stores, clock, logger, auditRecords }: DeliveriesParts,
  intermediary: string,
  { deliveryId, deviceId }: uplink.Deliver,
  work: () => void,
): void => {
  try {
    work();
  } catch (error) {
    const code = errorCode(error, '');
    if (isAudited(code)) {
      const subject = code === 'device-foreign' ? deviceId : deliveryId;
      const record: AuditRecord = { at: clock.now(), code, caller: intermediary, subject };
      stores.audit.add(record, auditRecords);
      logger.warn('Refused', { ...record });
    }
    throw error;
  }
};

const isAudited = (code: string): code is AuditRecord['code'] => AUDITED.includes(code);
