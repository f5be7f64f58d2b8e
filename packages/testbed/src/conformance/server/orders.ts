import { isDeepStrictEqual } from 'node:util';
import type { operator, uplink } from '@postern/contracts';
import { type Clock, Seconds, withDeadline } from '@postern/core';
import type { Check } from '../check.ts';
import { playedDevice } from '../uplink/devices.ts';
import type { PlayedIntermediary } from '../uplink/played-intermediary.ts';
import { failed } from '../verdicts.ts';
import type { OperatorTarget, ServerTarget } from './server-target.ts';

/** Longest that an order of a check stays open, whatever becomes of the check. */
const DEADLINE_SECONDS = 60;

/** Room for everything that an earlier, broken-off run may have left. */
export const ROOM = 256;

/** An intermediary below ours, which tells of it. */
export const BELOW = 'conformance-below';

export const COUNTERS = { kind: 'GetCounters', value: { names: { name: ['pages'] } } } as const;

export const COUNTED = {
  kind: 'GetCountersResponse',
  value: { counters: { item: [{ name: 'pages', value: 4_711 }] } },
} as const;

/** What an order is about that a check has given. */
export interface Ordered {
  readonly target: ServerTarget;
  readonly site: PlayedIntermediary;
  readonly operators: OperatorTarget;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A device of the intermediary, the target unless the intermediary itself is it. */
  readonly deviceId: string;
  readonly orderId: string;
  readonly requestId: string;
}

/** How an order differs from the plainest one: the counters of a device of the intermediary itself. */
export interface OrderChanges extends Partial<Omit<operator.OrderRequests, 'targets' | 'request'>> {
  readonly body?: operator.RequestContentBody;
  /** Of the device. */
  readonly route?: uplink.Route;
  /** The intermediary itself is the target. */
  readonly ofSite?: boolean;
}

/** Orders something of a device that there is for the time of `work`; called off afterwards. */
export const withOrder = async (
  target: ServerTarget,
  { body = COUNTERS, route, ofSite = false, ...changes }: OrderChanges,
  signal: AbortSignal,
  work: (ordered: Ordered) => Promise<void>,
): Promise<void> => {
  const operators = target.operator();
  const { site, clock } = target;
  const deviceId = site.newId();
  await site.withDevices([playedDevice(deviceId, route && { route })], signal, async () => {
    const order = { deadlineSeconds: DEADLINE_SECONDS, ...changes, request: { body } };
    const targets = { target: [ofSite ? site.name : deviceId] };
    const orderId = await placeOrder(operators, { ...order, targets }, signal);
    const [request] = (await operators.call('ListRequests', { orderId }, signal)).page.request;
    if (request === undefined) {
      throw failed('ListRequests has no request of the order', 'List the requests of an order by orderId.');
    }
    const requestId = request.id;
    try {
      await work({ target, site, operators, clock, signal, deviceId, orderId, requestId });
    } finally {
      // One that has ended needs none.
      await tidyUp(clock, (bounded) => operators.call('WithdrawRequest', { requestId }, bounded));
    }
  });
};

/** Undoes something after a check, even one that was given up. Its failure is no news beside the first. */
export const tidyUp = async (
  clock: Clock,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> => {
  await withDeadline(clock, Seconds(5), 'Tidying up', undefined, work).catch(() => {});
};

export const placeOrder = async (
  operators: OperatorTarget,
  order: operator.OrderRequests,
  signal: AbortSignal,
): Promise<string> => (await operators.call('OrderRequests', order, signal)).order.id;

/** The request of the order, if the next poll brings it down. */
export const fetched = async ({ site, requestId, signal }: Ordered): Promise<uplink.Request | undefined> => {
  const { requests } = await site.poll({ capacity: ROOM }, { signal });
  return requests?.request.find((request) => request.requestId === requestId);
};

/** The request of the order. */
export const fetchedNow = async (ordered: Ordered): Promise<uplink.Request> => {
  const request = await fetched(ordered);
  if (request !== undefined) return request;
  throw failed(
    'The next poll did not bring the request down',
    'Answer the poll of the intermediary that told of the device with what waits for it, up to its capacity.',
  );
};

/** Answers the request, and sees that the answer is acknowledged. */
export const answer = async (
  { site, requestId, clock, signal }: Ordered,
  body: uplink.ResponseBody,
): Promise<void> => {
  const response = [{ requestId, at: clock.now(), body }];
  const { acknowledged } = await site.poll({ responses: { response } }, { signal });
  if (acknowledged?.id.includes(requestId)) return;
  throw failed(
    'The response was not acknowledged',
    'Store it, then name its requestId in acknowledged: it comes again otherwise.',
  );
};

/** How the operator sees the request. */
export const seen = async ({ operators, requestId, signal }: Ordered): Promise<operator.Request> =>
  (await operators.call('GetRequest', { requestId }, signal)).request;

/** That the operator sees the request in this state. */
export const requireState = async (
  ordered: Ordered,
  state: operator.RequestState,
): Promise<operator.Request> => {
  const request = await seen(ordered);
  if (request.state === state) return request;
  throw failed(
    `GetRequest says ${request.state}, not ${state}`,
    'See the states of requests in docs/remote-management.md and operator.xsd.',
  );
};

/** That something is as it was said. */
export const requireSame = (found: unknown, wanted: unknown, what: string): void => {
  if (isDeepStrictEqual(found, wanted)) return;
  throw failed(
    `${what}: ${text(found)}, not ${text(wanted)}`,
    'Hand on what was said as it is, element by element.',
  );
};

const text = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 200);

/** A check of one order. */
export const ordering = (
  check: Omit<Check<ServerTarget>, 'run'> & { readonly order?: OrderChanges },
  work: (ordered: Ordered) => Promise<void>,
): Check<ServerTarget> => {
  const { order = {}, ...rest } = check;
  return { ...rest, run: (target, signal) => withOrder(target, order, signal, work) };
};
