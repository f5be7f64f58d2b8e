import type { device, uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { OrderOrigin } from '@postern/software-update';
import { serverError } from '../errors.ts';
import { type Acceptance, addSteps, completed, resultOf } from './accept-answers.ts';
import { checkSender } from './notices/check-sender.ts';
import type { UpdateRecord } from './records.ts';

/**
 * Records an update that was ordered at the site, at a panel, the operation port or by its schedule: its end is the
 * first the server hears of it. The delivery's identifier is that of the site's job and becomes the update's; one that
 * comes again changes nothing.
 *
 * @throws PosternError `device-unknown`, `device-foreign`, `request-foreign`, `response-unexpected`
 * @spec U16 I4 I5
 */
export const acceptLocalUpdate = (
  acceptance: Acceptance,
  { deliveryId: id, deviceId, route }: uplink.Deliver,
  answer: device.UpdateSoftwareResponse,
): void => {
  const { stores, intermediary, now, events } = acceptance;
  checkSender(stores, { intermediary, deviceId, route: route.node });
  const orderedBy = originOf(id, answer.orderedBy);
  const present = stores.updates.find(id);
  if (present !== undefined) {
    checkRepeated(present, intermediary, deviceId);
    return;
  }
  const journal = completed(answer.journal, now);
  const update: UpdateRecord = {
    id,
    deviceId,
    intermediary,
    orderedBy,
    softwareId: undefined,
    policy: undefined,
    state: answer.state,
    phase: undefined,
    orderedAt: earliest(journal, now),
    deadline: now,
    finishedAt: now,
    cancelRequested: false,
    result: resultOf(answer),
  };
  stores.updates.add(update, undefined);
  addSteps(acceptance, id, journal);
  events.push({ type: 'finished', updateId: id, update });
};

/** What the server ordered is answered as a response to its request, never like this. */
const originOf = (id: string, orderedBy: OrderOrigin = 'operation-port'): OrderOrigin => {
  if (orderedBy !== 'server') return orderedBy;
  throw serverError('response-unexpected', `The delivery ${id} is the result of an order of a server`);
};

const checkRepeated = (present: UpdateRecord, intermediary: string, deviceId: string): void => {
  const same = present.intermediary === intermediary && present.deviceId === deviceId;
  if (same && present.orderedBy !== 'server') return;
  throw serverError('request-foreign', `Another update has the identifier ${present.id}`);
};

/** By the site's clock: the first line of the journal. */
const earliest = ({ step }: device.Journal, now: Instant): Instant =>
  Instant(Math.min(now, ...step.map(({ at }) => at)));
