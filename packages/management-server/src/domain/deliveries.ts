import type { intermediary as contract, RemoteStep, uplink } from '@postern/contracts';
import { type Clock, errorCode, type Logger } from '@postern/core';
import type { LiveEvent, LiveUpdates } from './live-updates.ts';
import { acceptLocalUpdate } from './local-updates.ts';
import { type AcceptedNotice, acceptNotice } from './notices/accept-notice.ts';
import type { CallAnswering } from './notices/answering.ts';
import { DeliveryLimits, type DeliveryRates } from './notices/delivery-limits.ts';
import type { LiveNotices } from './notices/live-notices.ts';
import type { NoticeAnswer, NoticeRecord } from './notices/records.ts';
import type { Stores } from './ports.ts';
import type { AuditRecord } from './records.ts';
import { noteCounters } from './requests/note-counters.ts';

export interface DeliveriesParts {
  readonly stores: Stores;
  readonly live: LiveUpdates;
  readonly liveNotices: LiveNotices;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly calls: CallAnswering;
  readonly rates: DeliveryRates;
  /** Notices beyond this number push out the oldest. */
  readonly mostNotices: number;
  readonly auditRecords: number;
  /** Called after an update that was not ordered here was recorded. */
  readonly onLocalUpdate: () => void;
  readonly onStep?: ((step: RemoteStep, subject: string) => void) | undefined;
}

const RESULT_TAKEN: NoticeAnswer = { outcome: 'succeeded', text: 'noted' };

/**
 * Takes what comes up of a site's own accord: the result of an update that the site ordered, which becomes an update
 * here, or what a device or a schedule has to say, which becomes a notice. Each once, however often it is delivered.
 *
 * @spec R3 R6
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #limits: DeliveryLimits;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
    const { clock, logger, rates } = parts;
    const onFlood = (intermediary: string, subject: string): void =>
      this.#audit('too-many-notices', intermediary, subject);
    this.#limits = new DeliveryLimits({ ...rates, clock, logger, onFlood });
  }

  /**
   * Durable when it returns.
   *
   * @throws PosternError `too-many-notices`, `delivery-reused`, `device-unknown`, `device-foreign`, `route-loop`,
   *   `route-too-long`, `request-foreign`, `response-unexpected`: nothing was stored but an audit record
   */
  accept(intermediary: string, delivery: uplink.Deliver): contract.Answer {
    const { deliveryId, deviceId, body } = delivery;
    this.#limits.admit(intermediary, deviceId);
    const reply =
      body.kind === 'UpdateSoftwareResponse'
        ? this.#acceptResult(intermediary, delivery, body)
        : this.#acceptNotice(intermediary, delivery);
    // S705: a delay notice goes the same way as the answer.
    if (body.kind === 'UserCall') this.#parts.onStep?.('S705', body.value.callId);
    return { inReplyTo: deliveryId, ...reply };
  }

  close(): void {
    this.#limits.close();
  }

  #acceptResult(
    intermediary: string,
    delivery: uplink.Deliver,
    { value }: Extract<uplink.DeliverBody, { kind: 'UpdateSoftwareResponse' }>,
  ): NoticeAnswer {
    const { stores, live, clock, onLocalUpdate } = this.#parts;
    const events: LiveEvent[] = [];
    this.#auditingRefusal(intermediary, delivery, () =>
      stores.transaction(() =>
        acceptLocalUpdate({ stores, intermediary, now: clock.now(), events, ended: [] }, delivery, value),
      ),
    );
    live.publish(events);
    if (events.length > 0) onLocalUpdate();
    return RESULT_TAKEN;
  }

  #acceptNotice(intermediary: string, delivery: uplink.Deliver): NoticeAnswer {
    const { stores, liveNotices, clock, logger, calls, mostNotices: keep } = this.#parts;
    const now = clock.now();
    const accepted = this.#auditingRefusal(intermediary, delivery, () =>
      stores.transaction((): AcceptedNotice => {
        const notice = acceptNotice({ stores, intermediary, now, calls, keep }, delivery);
        const { body, deviceId, at = now } = delivery;
        if (notice.isNew && body.kind === 'GetCountersResponse') {
          noteCounters(stores, { deviceId, read: body.value.counters.item, at, now });
        }
        return notice;
      }),
    );
    const { changed, isNew, answer } = accepted;
    if (changed !== undefined) {
      const { id, kind, deviceId, missed } = changed;
      if (isNew) logger.info('notice received', { notice: id, kind, device: deviceId, intermediary, missed });
      liveNotices.publish({ type: isNew ? 'added' : 'changed', notice: changed });
    }
    return answer;
  }

  #auditingRefusal<Result>(
    intermediary: string,
    { deliveryId, deviceId }: uplink.Deliver,
    work: () => Result,
  ): Result {
    try {
      return work();
    } catch (error) {
      const code = errorCode(error, '');
      if (isAudited(code)) this.#audit(code, intermediary, code === 'device-foreign' ? deviceId : deliveryId);
      throw error;
    }
  }

  #audit(code: AuditRecord['code'], caller: string, subject: string): void {
    const { stores, clock, logger, auditRecords } = this.#parts;
    const record: AuditRecord = { at: clock.now(), code, caller, subject };
    stores.audit.add(record, auditRecords);
    logger.warn('Refused', { ...record });
  }
}

/** The device's own identifier of a call. */
export const callIdOf = ({ content, deliveryId }: NoticeRecord): string => {
  const said = JSON.parse(content) as { readonly callId?: unknown };
  return typeof said.callId === 'string' ? said.callId : deliveryId;
};

const AUDITED: readonly string[] = [
  'device-foreign',
  'route-loop',
  'route-too-long',
  'delivery-reused',
  'request-foreign',
  'response-unexpected',
] satisfies readonly AuditRecord['code'][];

const isAudited = (code: string): code is AuditRecord['code'] => AUDITED.includes(code);
