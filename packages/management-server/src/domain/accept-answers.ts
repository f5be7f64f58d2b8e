import type { device, types, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import { isFittingResponse } from '@postern/soap-rpc';
import { STEPS } from '@postern/software-update';
import { SERVER_ERRORS } from '../errors.ts';
import type { LiveEvent } from './live-updates.ts';
import type { Stores } from './ports.ts';
import type { RequestRecord, UpdateRecord, UpdateResult } from './records.ts';
import { noteCounters } from './requests/note-counters.ts';
import { eventOfFailure, nextRequestState } from './requests/request-state.ts';
import { nextState, type UpdateEvent } from './update-state.ts';

/** What a journal keeps: how it began and how it went on last. One that goes well has a few dozen steps. */
const KEPT_STEPS = { first: 100, last: 900 };

/** The work on one poll: what it may read, and what watchers are told after its commit. */
export interface Acceptance {
  readonly stores: Stores;
  readonly intermediary: string;
  readonly now: Instant;
  readonly events: LiveEvent[];
  /** Requests that ended. */
  readonly ended: RequestRecord[];
}

/** The intermediary has stored these requests: they are not sent again. Names of others' requests change nothing. */
export const acceptReceipts = ({ stores, intermediary }: Acceptance, ids: readonly string[]): void => {
  for (const id of ids) {
    const request = stores.requests.find(id);
    if (request?.intermediary === intermediary && request.sent) markTaken(stores, request);
  }
};

const markTaken = (stores: Stores, request: RequestRecord, phase = request.phase): void => {
  const state = nextRequestState(request.state, 'acknowledged');
  if (state === undefined || (state === request.state && phase === request.phase)) return;
  stores.requests.save({ ...request, state, phase });
};

/**
 * Stores the answer to a request; of several, the first wins. One that comes after the request has ended otherwise
 * is kept with it and changes nothing else: what was decided, and told to people, stands. In place of an answer of
 * another kind than the request, the failure that this is one is stored: the site would only send it again.
 *
 * @returns `refused` for an answer of another kind, `foreign` for one to what was never sent to this intermediary:
 *   that changes nothing
 * @spec R1
 */
export const acceptResponse = (
  acceptance: Acceptance,
  response: uplink.Response,
): 'stored' | 'duplicate' | 'refused' | 'foreign' => {
  const { stores, now } = acceptance;
  const request = sentRequest(acceptance, response.requestId);
  if (request === undefined) return 'foreign';
  if (request.answered) return 'duplicate';
  const fits = isFittingResponse(request.kind, response.body);
  const body = fits ? response.body : unexpected(request, response.body);
  const isUpdate = request.kind === 'UpdateSoftware';
  const event = body.kind === 'Failure' ? eventOfFailure(body.value.code) : 'answered';
  const state = nextRequestState(request.state, event);
  const answered: RequestRecord = {
    ...request,
    state: state ?? request.state,
    endedAt: request.endedAt ?? now,
    answered: true,
    answeredAt: now,
    answer: isUpdate ? undefined : body,
  };
  stores.requests.save(answered);
  if (state !== undefined) acceptance.ended.push(answered);
  if (request.kind === 'GetCounters' && body.kind === 'GetCountersResponse') {
    const { counters } = body.value;
    noteCounters(stores, { deviceId: request.target, read: counters.item, at: response.at, now });
  }
  if (isUpdate) endUpdate(acceptance, request.updateId, body);
  return fits ? 'stored' : 'refused';
};

const unexpected = ({ kind }: RequestRecord, body: uplink.ResponseBody): uplink.ResponseBody => {
  const message = `${kind} was answered by ${body.kind}`;
  return {
    kind: 'Failure',
    value: { code: 'response-unexpected', message, hint: SERVER_ERRORS['response-unexpected'] },
  };
};

/**
 * Notes that the answer takes longer, and how far the site is.
 *
 * @returns `foreign` for a notice about what was never sent to this intermediary: that changes nothing
 * @spec R2
 */
export const acceptDelayNotice = (
  acceptance: Acceptance,
  notice: uplink.DelayNotice,
): 'noted' | 'foreign' => {
  const request = sentRequest(acceptance, notice.requestId);
  if (request === undefined) return 'foreign';
  markTaken(acceptance.stores, request, notice.phase);
  if (request.kind === 'UpdateSoftware') noteProgress(acceptance, request.updateId, notice);
  return 'noted';
};

const noteProgress = (acceptance: Acceptance, updateId: string, notice: uplink.DelayNotice): void => {
  const { stores, events } = acceptance;
  const update = stores.updates.find(updateId);
  const state = update && nextState(update.state, 'delayed');
  if (update === undefined || state === undefined) return;
  const phase = notice.phase ?? update.phase;
  if (state !== update.state || phase !== update.phase) stores.updates.save({ ...update, state, phase });
  addSteps(acceptance, update.id, notice.journal);
  if (notice.progress !== undefined) {
    events.push({ type: 'progress', updateId: update.id, progress: notice.progress });
  }
};

const sentRequest = ({ stores, intermediary }: Acceptance, id: string): RequestRecord | undefined => {
  const request = stores.requests.find(id);
  return request?.intermediary === intermediary && request.sent ? request : undefined;
};

const endUpdate = (acceptance: Acceptance, updateId: string, body: uplink.ResponseBody): void => {
  const { stores, events, now } = acceptance;
  const update = stores.updates.find(updateId);
  if (update === undefined || (body.kind !== 'UpdateSoftwareResponse' && body.kind !== 'Failure')) return;
  const { event, result } = body.kind === 'Failure' ? failedWith(body.value) : answeredWith(body.value);
  const state = nextState(update.state, event);
  if (state === undefined) return;
  if (body.kind === 'UpdateSoftwareResponse')
    addSteps(acceptance, updateId, completed(body.value.journal, now));
  const finished: UpdateRecord = { ...update, state, result, finishedAt: now };
  stores.updates.save(finished);
  withdrawRequests(stores, updateId, now);
  events.push({ type: 'finished', updateId, update: finished });
};

/** The site's journal ends with the report on its way (S124): that it arrived is for the server to add. */
export const completed = ({ step }: device.Journal, now: Instant): device.Journal => {
  if (step.some((line) => line.step === 'S124' && line.outcome === 'done')) return { step };
  const sequence = 1 + Math.max(0, ...step.map((line) => line.sequence));
  const { path, direction } = STEPS.S124;
  return { step: [...step, { sequence, step: 'S124', path, direction, at: now, outcome: 'done' }] };
};

/** An update that has ended needs no further requests, such as a cancellation on its way down. */
export const withdrawRequests = (stores: Stores, updateId: string, now: Instant): void => {
  for (const request of stores.requests.ofUpdate(updateId)) {
    if (request.endedAt === undefined) stores.requests.save({ ...request, state: 'withdrawn', endedAt: now });
  }
};

interface Answered {
  readonly event: UpdateEvent;
  readonly result: UpdateResult;
}

const failedWith = (failure: types.Failure): Answered => ({
  event: 'answered-failed',
  result: { components: [], failure },
});

const answeredWith = (answer: device.UpdateSoftwareResponse): Answered => ({
  event: `answered-${answer.state}`,
  result: resultOf(answer),
});

/** What is kept of an update's end beside its journal. */
export const resultOf = (answer: device.UpdateSoftwareResponse): UpdateResult => ({
  assurance: answer.assurance,
  credential: answer.credential,
  components: answer.components.item,
  ...(answer.gaps === undefined ? {} : { gaps: answer.gaps.gap }),
  ...(answer.software === undefined ? {} : { software: answer.software }),
  ...(answer.failure === undefined ? {} : { failure: answer.failure }),
});

/** Adds to an update's journal what it has not yet. */
export const addSteps = (
  { stores, events }: Acceptance,
  updateId: string,
  journal: device.Journal | undefined,
): void => {
  for (const step of journal?.step ?? []) {
    const added = stores.journal.add(updateId, step);
    if (added !== undefined) events.push({ type: 'step', updateId, step: added });
  }
  if (journal !== undefined) stores.journal.trim(updateId, KEPT_STEPS);
};
