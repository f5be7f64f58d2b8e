import { isRemoteRequestKind, REMOTE_REQUEST_KINDS } from '@postern/contracts';
import { Minutes, Seconds, toSeconds } from '@postern/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Stores } from '../../domain/ports.ts';
import type { EndedRequests } from '../../domain/requests/ended-requests.ts';
import type { RequestExpiry } from '../../domain/requests/request-expiry.ts';
import type { RequestOrders } from '../../domain/requests/request-orders.ts';
import { hasEnded, REQUEST_STATES } from '../../domain/requests/request-state.ts';
import { MOST_TARGETS } from '../../domain/requests/resolve-targets.ts';
import { orderView, requestView } from './request-views.ts';
import { identifier, nodeName, pageOf, pageQuery, seconds, valid } from './validate.ts';

export interface RequestRoutesParts {
  readonly stores: Stores;
  readonly requestOrders: RequestOrders;
  readonly requestExpiry: RequestExpiry;
  readonly endedRequests: EndedRequests;
}

const DEFAULT_DEADLINE = Minutes(15);
/** Below the time after which a silent connection is cut. Seconds. */
const LONGEST_WAIT = 50;

/** t:ModelName of wsdl/types.xsd. */
const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'not a model');

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

const named = z.strictObject({ id: identifier });
const waiting = z.strictObject({ wait: z.coerce.number().int().min(0).max(LONGEST_WAIT).default(0) });
const requestQuery = pageQuery.extend({
  order: identifier.optional(),
  target: nodeName.optional(),
  intermediary: nodeName.optional(),
  kind: z.enum(['FetchSoftware', ...REMOTE_REQUEST_KINDS]).optional(),
  state: z.enum(REQUEST_STATES).optional(),
});
const nothing = z.undefined().or(z.null()).or(z.strictObject({}));
const key = identifier.optional();

/**
 * Requests to devices and intermediaries that are about no update: ordering, reading, waiting, withdrawing.
 *
 * @spec R1 R5 I1 I2
 */
export const requestRoutes =
  ({ stores, requestOrders, requestExpiry, endedRequests }: RequestRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const viewOfOrder = (id: string) => orderView(requestOrders.findOrder(id), stores.orders.states(id));

    app.post('/requests', async (request, reply) => {
      const { targets, selector, arguments: given, ...ordered } = valid(order, request.body);
      const idempotencyKey = valid(key, request.headers['idempotency-key']);
      const chosen = targets ?? selector ?? [];
      const result = requestOrders.order({ ...ordered, targets: chosen, arguments: given, idempotencyKey });
      const { id } = result.order;
      reply.code(result.created ? 201 : 200).header('location', `/api/v1/orders/${id}`);
      return viewOfOrder(id);
    });

    app.get('/requests', async (request) => {
      const { limit, ...page } = valid(requestQuery, request.query);
      requestExpiry.expireDue();
      return pageOf(stores.requests.page({ ...page, limit }), limit, ({ id }) => id, requestView);
    });

    app.get('/requests/:id', async (request) => {
      const { id } = valid(named, request.params);
      await untilEnded(request, id, () => hasEnded(requestOrders.find(id).state));
      return requestView(requestOrders.find(id));
    });

    app.post('/requests/:id/withdraw', async (request) => {
      valid(nothing, request.body);
      return requestView(requestOrders.withdraw(valid(named, request.params).id));
    });

    app.get('/orders/:id', async (request) => {
      const { id } = valid(named, request.params);
      await untilEnded(request, id, () => viewOfOrder(id).ended);
      return viewOfOrder(id);
    });

    /** Holds the answer while something is open, no longer than the caller wants to wait or is there. */
    const untilEnded = async (request: FastifyRequest, id: string, isOver: () => boolean): Promise<void> => {
      const { wait } = valid(waiting, request.query);
      requestExpiry.expireDue();
      if (isOver() || wait === 0) return;
      const { socket } = request.raw;
      const gone = new AbortController();
      const onClose = (): void => gone.abort();
      socket.once('close', onClose);
      try {
        await endedRequests.until(id, isOver, Seconds(wait), gone.signal);
      } finally {
        socket.off('close', onClose);
      }
    };
  };
