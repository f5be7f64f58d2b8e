import { isRemoteRequestKind, REMOTE_REQUEST_KINDS } from '@postern/contracts';
import { Minutes, toSeconds } from '@postern/core';
import { z } from 'zod';
import type { Stores } from '../domain/ports.ts';
import type { RequestExpiry } from '../domain/requests/request-expiry.ts';
import type { RequestOrders } from '../domain/requests/request-orders.ts';
import { hasEnded, REQUEST_STATES } from '../domain/requests/request-state.ts';
import { MOST_TARGETS } from '../domain/requests/resolve-targets.ts';
import type { WaitingReads } from '../domain/waiting-reads.ts';
import { type Caller, holdUntil, wait } from './caller.ts';
import { identifier, modelName, nodeName, pageOf, pageQuery, seconds, valid } from './input.ts';
import { type OrderView, orderView, type RequestView, requestView } from './request-views.ts';
import type { Page } from './views.ts';

export interface RequestParts {
  readonly stores: Stores;
  readonly requestOrders: RequestOrders;
  readonly requestExpiry: RequestExpiry;
  readonly reads: WaitingReads;
}

const DEFAULT_DEADLINE = Minutes(15);

const kind = z.string().refine(isRemoteRequestKind, { error: `none of ${REMOTE_REQUEST_KINDS.join(', ')}` });

const selector = z
  .strictObject({
    intermediary: nodeName.optional(),
    model: modelName.optional(),
    profile: identifier.optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    error: 'name an intermediary, a model or a profile',
  });

const order = z
  .strictObject({
    kind,
    targets: z.array(nodeName).min(1).max(MOST_TARGETS).optional(),
    selector: selector.optional(),
    at: nodeName.optional(),
    arguments: z.unknown().default({}),
    deadlineSeconds: seconds.default(toSeconds(DEFAULT_DEADLINE)),
    via: z.enum(['poll', 'mail']).default('poll'),
  })
  .refine(({ targets, selector }) => (targets === undefined) !== (selector === undefined), {
    error: 'give either targets or a selector',
  });

const waiting = z.strictObject({ wait });
const listQuery = pageQuery.extend({
  order: identifier.optional(),
  target: nodeName.optional(),
  intermediary: nodeName.optional(),
  kind: z.enum(['FetchSoftware', ...REMOTE_REQUEST_KINDS]).optional(),
  state: z.enum(REQUEST_STATES).optional(),
});
const key = identifier.optional();

/** Requests to devices and intermediaries, about no update, as operators deal with them. */
export interface RequestUseCases {
  order(body: unknown, idempotencyKey: unknown): { readonly created: boolean; readonly view: OrderView };
  /** Newest first, without long answers. */
  list(query: unknown): Page<RequestView>;
  /** With `wait`, not before its end, or so many seconds later. */
  get(id: unknown, query: unknown, caller: Caller): Promise<RequestView>;
  withdraw(id: unknown): RequestView;
  /** With `wait`, not before the end of all of its requests, or so many seconds later. */
  getOrder(id: unknown, query: unknown, caller: Caller): Promise<OrderView>;
}

/** @spec R1 R5 I1 I2 */
export const requestUseCases = ({
  stores,
  requestOrders,
  requestExpiry,
  reads,
}: RequestParts): RequestUseCases => {
  const viewOfOrder = (id: string) => orderView(requestOrders.findOrder(id), stores.orders.states(id));
  const held = async (id: string, query: unknown, caller: Caller, isOver: () => boolean): Promise<void> => {
    const { wait } = valid(waiting, query);
    requestExpiry.expireDue();
    await holdUntil(reads, id, isOver, wait, caller);
  };
  return {
    order: (body, idempotencyKey) => {
      const { targets, selector, arguments: given, ...ordered } = valid(order, body);
      const result = requestOrders.order({
        ...ordered,
        targets: targets ?? selector ?? [],
        arguments: given,
        idempotencyKey: valid(key, idempotencyKey, 'Idempotency-Key'),
      });
      return { created: result.created, view: viewOfOrder(result.order.id) };
    },
    list: (query) => {
      const page = valid(listQuery, query);
      requestExpiry.expireDue();
      return pageOf(stores.requests.page(page), page.limit, ({ id }) => id, requestView);
    },
    get: async (given, query, caller) => {
      const id = valid(identifier, given, 'id');
      await held(id, query, caller, () => hasEnded(requestOrders.find(id).state));
      return requestView(requestOrders.find(id));
    },
    withdraw: (id) => requestView(requestOrders.withdraw(valid(identifier, id, 'id'))),
    getOrder: async (given, query, caller) => {
      const id = valid(identifier, given, 'id');
      await held(id, query, caller, () => viewOfOrder(id).ended);
      return viewOfOrder(id);
    },
  };
};
