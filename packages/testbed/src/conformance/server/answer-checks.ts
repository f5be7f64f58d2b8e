import { Milliseconds, Seconds, sleep } from '@postern/core';
import type { Check } from '../check.ts';
import { unlessForeign } from '../uplink/poll-checks.ts';
import { failed } from '../verdicts.ts';
import { answer, COUNTED, fetchedNow, ordering, requireSame, requireState } from './orders.ts';
import type { ServerTarget } from './server-target.ts';

/** Requests from above: what the site says of them is seen by the operator. */
export const answerChecks: readonly Check<ServerTarget>[] = [
  ordering(
    {
      id: 'order-delayed',
      title: 'a delay notice is taken, and the answer after it',
      section: 'DelayNotice, R2',
      level: 'required',
    },
    async (ordered) => {
      const { site, requestId, signal } = ordered;
      await fetchedNow(ordered);
      const delayNotice = [{ requestId, phase: 'reading' }];
      await site.poll({ received: { id: [requestId] }, delayNotices: { delayNotice } }, { signal });
      requireSame((await requireState(ordered, 'taken')).phase, 'reading', 'phase');
      await answer(ordered, COUNTED);
      await requireState(ordered, 'answered');
    },
  ),
  ordering(
    {
      id: 'order-answered',
      title: 'the answer is acknowledged, ends the order, and is what the operator sees',
      section: 'Response, GetRequest, GetOrder, R1',
      level: 'required',
    },
    async (ordered) => {
      const { operators, orderId, signal } = ordered;
      await fetchedNow(ordered);
      await answer(ordered, COUNTED);
      requireSame((await requireState(ordered, 'answered')).answer?.body, COUNTED, 'The answer');
      const { order } = await operators.call('GetOrder', { orderId }, signal);
      requireSame([order.ended, order.states.answered], [true, 1], 'ended and states.answered of the order');
    },
  ),
  ordering(
    {
      id: 'order-first-answer',
      title: 'an answer that comes again is acknowledged again; the first one stands',
      section: 'Response, docs/remote-management.md',
      level: 'required',
    },
    async (ordered) => {
      await fetchedNow(ordered);
      await answer(ordered, COUNTED);
      await answer(ordered, COUNTED);
      await answer(ordered, { kind: 'GetCountersResponse', value: { counters: { item: [] } } });
      requireSame((await requireState(ordered, 'answered')).answer?.body, COUNTED, 'The answer');
    },
  ),
  ordering(
    {
      id: 'order-refused',
      title: 'a failure ends the request as refused, with its code',
      section: 'Response, Failure',
      level: 'required',
    },
    async (ordered) => {
      await fetchedNow(ordered);
      const value = { code: 'command-unknown', message: 'A conformance check' };
      await answer(ordered, { kind: 'Failure', value });
      requireSame((await requireState(ordered, 'refused')).failure?.code, value.code, 'The code');
    },
  ),
  ordering(
    {
      id: 'order-other-kind',
      title: 'an answer of another kind is acknowledged, and ends the request as refused',
      section: 'Response, docs/remote-management.md',
      level: 'recommended',
    },
    async (ordered) => {
      await fetchedNow(ordered);
      const value = { startedAt: ordered.clock.now(), state: 'ready' } as const;
      await answer(ordered, { kind: 'ConfirmAliveResponse', value });
      await requireState(ordered, 'refused');
    },
  ),
  ordering(
    {
      id: 'order-foreign-answer',
      title: 'another intermediary cannot answer the request',
      section: 'Response, request-foreign',
      level: 'required',
    },
    async (ordered) => {
      const { target, requestId, clock, signal } = ordered;
      const other = target.other();
      await fetchedNow(ordered);
      const response = [{ requestId, at: clock.now(), body: COUNTED }];
      await unlessForeign(other, { received: { id: [requestId] } }, signal);
      await unlessForeign(other, { responses: { response } }, signal);
      await requireState(ordered, 'sent');
    },
  ),
  ordering(
    {
      id: 'order-waited-for',
      title: 'whoever waits for the end of an order is told at once',
      section: 'GetOrder, waitSeconds',
      level: 'recommended',
    },
    async (ordered) => {
      const { operators, clock, orderId, signal } = ordered;
      await fetchedNow(ordered);
      const waiting = operators.call('GetOrder', { orderId, waitSeconds: 8 }, signal);
      waiting.catch(() => {});
      await sleep(clock, Milliseconds(300), signal);
      const since = clock.monotonic();
      await answer(ordered, COUNTED);
      requireSame((await waiting).order.ended, true, 'ended');
      if (clock.monotonic() - since < Seconds(4)) return;
      throw failed('It was told late', 'End the wait as soon as all requests of the order have ended.');
    },
  ),
];
