import { Milliseconds, Seconds, sleep } from '@postern/core';
import type { Check } from '../check.ts';
import { playedDevice } from '../uplink/devices.ts';
import { failed, refusedWithReason } from '../verdicts.ts';
import {
  BELOW,
  COUNTERS,
  fetched,
  fetchedNow,
  ordering,
  placeOrder,
  ROOM,
  requireSame,
  requireState,
} from './orders.ts';
import type { ServerTarget } from './server-target.ts';

const PARAMETERS = { kind: 'GetParameters', value: { names: { name: ['polling'] } } } as const;

const ODD_TEXT = ' <a & "b">\tä€𝄞 ';
const ODD = {
  kind: 'SetParameters',
  value: { parameters: { item: [{ name: 'panel.text', value: ODD_TEXT }] } },
} as const;

/** Requests from above: what an operator orders goes down as he orders it, and for as long as it holds. */
export const orderChecks: readonly Check<ServerTarget>[] = [
  ordering(
    {
      id: 'order-goes-down',
      title: 'what is ordered for a device goes down with the next poll of its intermediary',
      section: 'OrderRequests, Poll, R1',
      level: 'required',
    },
    async (ordered) => {
      await requireState(ordered, 'waiting');
      const { target, body, expiresInSeconds, route } = await fetchedNow(ordered);
      requireSame(target, ordered.deviceId, 'target');
      requireSame(body, COUNTERS, 'The request');
      requireSame(route, undefined, 'route');
      if (expiresInSeconds < 1 || expiresInSeconds > 60) {
        throw failed(
          `expiresInSeconds is ${expiresInSeconds}, deadlineSeconds was 60`,
          'Say how much of the time of the order is left.',
        );
      }
      await requireState(ordered, 'sent');
    },
  ),
  ordering(
    {
      id: 'order-content',
      title: 'what is ordered goes down as it is, whatever letters it is of',
      section: 'OrderRequests, SetParameters',
      level: 'required',
      order: { body: ODD },
    },
    async (ordered) => {
      const { body } = await fetchedNow(ordered);
      const { value } = ODD;
      requireSame(body.kind === 'SetParameters' && body.value.parameters, value.parameters, 'The parameters');
    },
  ),
  {
    id: 'order-wakes-poll',
    title: 'an order ends a held poll and goes down with its answer',
    section: 'Poll, R1',
    level: 'recommended',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site, clock } = target;
      const deviceId = site.newId();
      await site.withDevices([playedDevice(deviceId)], signal, async () => {
        const held = site.heldPoll(8, { capacity: ROOM }, signal);
        held.catch(() => {});
        await sleep(clock, Milliseconds(300), signal);
        const targets = { target: [deviceId] };
        const order = { request: { body: COUNTERS }, targets, deadlineSeconds: 10 };
        await placeOrder(operators, order, signal);
        const { answer: woken, took } = await held;
        const isThere = woken.requests?.request.some((request) => request.target === deviceId);
        if (isThere && took < Seconds(5)) return;
        throw failed(
          isThere ? `It came ${took} ms after the poll began` : 'The answer did not bring it',
          'Answer held polls as soon as something is ordered.',
        );
      });
    },
  },
  ordering(
    {
      id: 'order-comes-again',
      title: 'a request goes down again until it is acknowledged, and then no more',
      section: 'Poll, received, R1',
      level: 'required',
    },
    async (ordered) => {
      const { site, requestId, signal } = ordered;
      const first = await fetchedNow(ordered);
      const again = await fetchedNow(ordered);
      requireSame(again.body, first.body, 'The request that came again');
      const { requests } = await site.poll({ received: { id: [requestId] }, capacity: ROOM }, { signal });
      const after = requests?.request.some((request) => request.requestId === requestId);
      if (after || (await fetched(ordered)) !== undefined) {
        throw failed('It came again after it was acknowledged', 'Take what received names for stored.');
      }
      await requireState(ordered, 'taken');
    },
  ),
  ordering(
    {
      id: 'order-expires',
      title: 'a request that nobody fetches in its time expires, and does not go down any more',
      section: 'OrderRequests, deadlineSeconds',
      level: 'recommended',
      order: { deadlineSeconds: 1 },
    },
    async (ordered) => {
      const { operators, requestId, signal } = ordered;
      await operators.call('GetRequest', { requestId, waitSeconds: 4 }, signal);
      await requireState(ordered, 'expired');
      if ((await fetched(ordered)) === undefined) return;
      throw failed('It went down all the same', 'Send nothing down whose time is over.');
    },
  ),
  ordering(
    {
      id: 'order-withdrawn',
      title: 'what was called off in time does not go down',
      section: 'WithdrawRequest',
      level: 'recommended',
    },
    async (ordered) => {
      const { operators, requestId, signal } = ordered;
      await operators.call('WithdrawRequest', { requestId }, signal);
      await requireState(ordered, 'withdrawn');
      if ((await fetched(ordered)) === undefined) return;
      throw failed('It went down all the same', 'Send nothing down that was called off.');
    },
  ),
  ordering(
    {
      id: 'order-once',
      title: 'an order with the same idempotencyKey is the same order; with other content it is refused',
      section: 'OrderRequests, idempotencyKey',
      level: 'recommended',
    },
    async ({ site, operators, deviceId, signal }) => {
      const common = { targets: { target: [deviceId] }, deadlineSeconds: 10, idempotencyKey: site.newId() };
      const order = { ...common, request: { body: COUNTERS } };
      const first = await placeOrder(operators, order, signal);
      requireSame(await placeOrder(operators, order, signal), first, 'The order of the second call');
      const other = { ...common, request: { body: ODD } };
      await refusedWithReason(
        operators.call('OrderRequests', other, signal),
        'Another order of the same key',
      );
    },
  ),
  ordering(
    {
      id: 'order-capacity',
      title: 'no more goes down than the intermediary has room for',
      section: 'Poll, capacity',
      level: 'required',
    },
    async ({ site, operators, deviceId, signal }) => {
      const order = { request: { body: COUNTERS }, targets: { target: [deviceId] }, deadlineSeconds: 10 };
      await placeOrder(operators, order, signal);
      for (const capacity of [0, 1]) {
        const { requests } = await site.poll({ capacity }, { signal });
        // What frees room may come beyond it.
        const count = requests?.request.filter(({ body }) => body.kind !== 'CancelUpdate').length ?? 0;
        if (count > capacity) {
          throw failed(`${count} requests came for a capacity of ${capacity}`, 'Send no more than capacity.');
        }
      }
    },
  ),
  ordering(
    {
      id: 'order-route',
      title: 'a request for a device further below carries the route that it has still to go',
      section: 'Request, route, T2',
      level: 'recommended',
      order: { route: { node: [BELOW] } },
    },
    async (ordered) => {
      requireSame((await fetchedNow(ordered)).route, { node: [BELOW] }, 'route');
    },
  ),
  ordering(
    {
      id: 'order-of-site',
      title: 'what is asked of the intermediary itself goes down with its name as the target',
      section: 'OrderRequests, Request, I1',
      level: 'recommended',
      order: { body: PARAMETERS, ofSite: true },
    },
    async (ordered) => {
      const { target, body } = await fetchedNow(ordered);
      requireSame([target, body], [ordered.site.name, PARAMETERS], 'target and request');
    },
  ),
  {
    id: 'order-selected',
    title: 'an order with a selector is one for all devices that it fits',
    section: 'OrderRequests, selector, R5',
    level: 'recommended',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site } = target;
      const model = site.newId();
      const names = [site.newId(), site.newId()];
      const devices = [...names.map((name) => playedDevice(name, { model })), playedDevice(site.newId())];
      await site.withDevices(devices, signal, async () => {
        const selector = { intermediary: site.name, model };
        const order = { request: { body: COUNTERS }, selector, deadlineSeconds: 10 };
        const orderId = await placeOrder(operators, order, signal);
        const { request } = (await operators.call('ListRequests', { orderId }, signal)).page;
        requireSame(request.map((one) => one.target).sort(), [...names].sort(), 'Targets');
      });
    },
  },
  {
    id: 'order-unknown-target',
    title: 'an order for a device that nobody knows is refused',
    section: 'OrderRequests, docs/errors.md',
    level: 'required',
    run: async (target, signal) => {
      const targets = { target: [target.site.newId()] };
      const order = { request: { body: COUNTERS }, targets, deadlineSeconds: 10 };
      await refusedWithReason(target.operator().call('OrderRequests', order, signal), 'The order');
    },
  },
];
