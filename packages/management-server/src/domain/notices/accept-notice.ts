import { deliveryToJson, type uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import { serverError } from '../../errors.ts';
import type { Stores } from '../ports.ts';
import { type CallAnswering, firstAnswer } from './answering.ts';
import { checkSender } from './check-sender.ts';
import type { NoticeAnswer, NoticeRecord } from './records.ts';

export interface NoticeAcceptance {
  readonly stores: Stores;
  readonly intermediary: string;
  readonly now: Instant;
  readonly calls: CallAnswering;
  /** Notices beyond this number push out the oldest. */
  readonly keep: number;
}

export interface AcceptedNotice {
  readonly answer: NoticeAnswer;
  /** What watchers are to be told; undefined when nothing changed. */
  readonly changed: NoticeRecord | undefined;
  readonly isNew: boolean;
}

/**
 * Takes what a device said, once for each delivery; a repeated one gets the same answer, or the one that was given since.
 * Runs in a transaction.
 *
 * @throws PosternError `delivery-reused`, those of {@link checkSender}: nothing is stored
 * @spec R3 R4 R6 R7
 */
export const acceptNotice = (acceptance: NoticeAcceptance, delivery: uplink.Deliver): AcceptedNotice => {
  const { stores, intermediary, now, calls, keep } = acceptance;
  const { deliveryId, deviceId, body, at: siteAt } = delivery;
  const route = delivery.route.node;
  checkSender(stores, { intermediary, deviceId, route });
  const content = JSON.stringify(deliveryToJson(body));
  const missed = delivery.answeredAs === 'failed';
  const present = stores.notices.find(intermediary, deliveryId);
  if (present !== undefined) {
    if (present.deviceId !== deviceId || present.kind !== body.kind || present.content !== content) {
      throw serverError('delivery-reused', `${intermediary} has delivered something else as ${deliveryId}`);
    }
    return repeated(acceptance, present, missed);
  }
  const isCall = body.kind === 'UserCall';
  const { state, answer } = firstAnswer(stores, calls, intermediary, isCall);
  const final = isCall && answer.outcome !== 'pending';
  const changed = stores.notices.add(
    {
      ...{ deliveryId, intermediary, deviceId, kind: body.kind, content, route, at: now, siteAt },
      missed,
      state,
      answer: final ? answer : undefined,
      answeredAt: final ? now : undefined,
    },
    keep,
  );
  return { answer, changed, isNew: true };
};

/** The caller may have been told that his call failed after the first delivery of it, whose answer was lost. */
const repeated = (
  { stores, calls }: NoticeAcceptance,
  present: NoticeRecord,
  missed: boolean,
): AcceptedNotice => {
  const changed = missed && !present.missed ? { ...present, missed } : undefined;
  if (changed !== undefined) stores.notices.save(changed);
  return { answer: present.answer ?? answerSoFar(present, calls), changed, isNew: false };
};

const answerSoFar = ({ state }: NoticeRecord, { pendingText }: CallAnswering): NoticeAnswer => {
  if (state === 'noted') return { outcome: 'succeeded', text: 'noted' };
  if (state === 'open') return { outcome: 'pending', text: pendingText };
  return { outcome: 'failed', text: 'Nobody has answered the call' };
};
