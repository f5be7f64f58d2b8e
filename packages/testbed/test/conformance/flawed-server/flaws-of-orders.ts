import type { operator, uplink } from '@postern/contracts';
import { errorCode, Instant } from '@postern/core';
import type { Flaw, OperatorHandlers, UplinkHandlers } from './flaw.ts';

/** Changes the requests that go down. */
const down = (
  change: (requests: readonly uplink.Request[], poll: uplink.Poll) => readonly uplink.Request[],
): NonNullable<Flaw['uplink']> => {
  return (honest) => ({
    Poll: async (told, context) => {
      const { requests, ...answer } = await honest.Poll(told, context);
      return { ...answer, requests: { request: change(requests?.request ?? [], told) } };
    },
  });
};

const ORDER: operator.Order = {
  id: 'order-0',
  kind: 'ConfirmAlive',
  request: { body: { kind: 'ConfirmAlive', value: {} } },
  via: 'poll',
  targets: 1,
  orderedAt: Instant(0),
  deadline: Instant(0),
  states: {
    ...{ waiting: 1, sent: 0, taken: 0, answered: 0 },
    ...{ refused: 0, unreachable: 0, expired: 0, withdrawn: 0 },
  },
  ended: false,
};

const madeUp = async <T>(answer: Promise<T>, otherwise: T): Promise<T> =>
  answer.catch((error: unknown) => {
    if (errorCode(error, '').endsWith('-unknown')) return otherwise;
    throw error;
  });

const garbled = (request: uplink.Request): uplink.Request => {
  const { body } = request;
  if (body.kind !== 'SetParameters') return request;
  const item = (body.value.parameters.item ?? []).map(({ name, value }) => ({ name, value: value.trim() }));
  return { ...request, body: { kind: body.kind, value: { ...body.value, parameters: { item } } } };
};

/** Shows requests otherwise than they are. */
const shown = (change: (request: operator.Request) => operator.Request): NonNullable<Flaw['operator']> => {
  return (honest) => ({
    GetRequest: async (asked, context) => ({
      request: change((await honest.GetRequest(asked, context)).request),
    }),
  });
};

/** Flaws of requests from above. */
export const flawsOfOrders = {
  'sends-nothing-down': { uplink: down(() => []) },
  'garbles-requests': { uplink: down((requests) => requests.map(garbled)) },
  'sends-to-others': { uplink: down((requests) => requests.map((one) => ({ ...one, target: 'somebody' }))) },
  'sends-once': {
    uplink: (honest: UplinkHandlers, context) => {
      const sent = new Set<string>();
      const once = down((requests) => requests.filter(({ requestId: id }) => !sent.has(id) && sent.add(id)));
      return once(honest, context);
    },
  },
  'sends-for-ever': {
    uplink: (honest: UplinkHandlers, context) => {
      const sent = new Map<string, uplink.Request>();
      const all = down((requests) => {
        for (const one of requests) sent.set(one.requestId, one);
        return [...sent.values()];
      });
      return all(honest, context);
    },
  },
  'loses-delay-notices': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: ({ delayNotices: _, ...told }, context) => honest.Poll(told, context),
    }),
  },
  'loses-answers': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async ({ responses, ...told }, context) => {
        const answer = await honest.Poll(told, context);
        const id = responses?.response.map(({ requestId }) => requestId);
        return { ...answer, ...(id && { acknowledged: { id } }) };
      },
    }),
  },
  'lets-later-answers-win': {
    operator: shown((request) =>
      request.state === 'answered'
        ? { ...request, answer: { body: { kind: 'GetCountersResponse', value: { counters: { item: [] } } } } }
        : request,
    ),
  },
  'takes-failures-for-answers': {
    operator: shown((request) => (request.state === 'refused' ? { ...request, state: 'answered' } : request)),
  },
  'takes-answers-of-anybody': {
    uplink: (honest: UplinkHandlers, site) => ({
      Poll: (told, context) => honest.Poll(told, told.responses === undefined ? context : site),
    }),
  },
  'forgets-deadlines': {
    operator: (honest: OperatorHandlers) => ({
      OrderRequests: (order, context) => honest.OrderRequests({ ...order, deadlineSeconds: 900 }, context),
      OrderUpdate: (order, context) => honest.OrderUpdate({ ...order, deadlineSeconds: 900 }, context),
    }),
  },
  'withdraws-nothing': {
    operator: (honest: OperatorHandlers) => ({
      WithdrawRequest: ({ requestId }, context) => honest.GetRequest({ requestId }, context),
    }),
  },
  'orders-twice': {
    operator: (honest: OperatorHandlers) => ({
      OrderRequests: ({ idempotencyKey: _, ...order }, context) => honest.OrderRequests(order, context),
    }),
  },
  'waits-for-no-order': {
    operator: (honest: OperatorHandlers) => ({
      GetOrder: ({ orderId }, context) => honest.GetOrder({ orderId }, context),
    }),
  },
  'selects-by-site-only': {
    operator: (honest: OperatorHandlers) => ({
      OrderRequests: ({ selector, ...order }, context) => {
        const { model: _, ...site } = selector ?? {};
        return honest.OrderRequests({ ...order, ...(selector && { selector: site }) }, context);
      },
    }),
  },
  'ignores-capacity': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: (told, context) => honest.Poll({ ...told, capacity: 256 }, context),
    }),
  },
  'loses-routes': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: ({ devices, ...told }, context) => {
        const device = devices?.device.map(({ route: _, ...change }) => change);
        return honest.Poll(
          { ...told, ...(devices && device && { devices: { ...devices, device } }) },
          context,
        );
      },
    }),
  },
  'makes-up-orders': {
    operator: (honest: OperatorHandlers) => ({
      OrderRequests: (order, context) => madeUp(honest.OrderRequests(order, context), { order: ORDER }),
      GetOrder: (asked, context) => madeUp(honest.GetOrder(asked, context), { order: ORDER }),
    }),
  },
} satisfies Record<string, Flaw>;
