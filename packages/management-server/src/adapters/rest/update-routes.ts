import { Hours, toSeconds } from '@postern/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LiveUpdates } from '../../domain/live-updates.ts';
import type { Stores } from '../../domain/ports.ts';
import type { UpdateRecord } from '../../domain/records.ts';
import type { Updates } from '../../domain/updates.ts';
import { type EventStreams, lastEventId } from './event-streams.ts';
import { identifier, nodeName, pageOf, pageQuery, seconds, valid } from './validate.ts';
import { stepView, updateView } from './views.ts';

export interface UpdateRoutesParts {
  readonly stores: Stores;
  readonly updates: Updates;
  readonly live: LiveUpdates;
  readonly streams: EventStreams;
}

const DEFAULT_DEADLINE = Hours(24);

/** UpdatePolicy of wsdl/device.xsd. */
const policy = z.strictObject({
  transferTries: z.int().min(1).max(255).exactOptional(),
  restartTimeoutSeconds: seconds.exactOptional(),
  passwordGenerator: z.enum(['updater', 'target']).exactOptional(),
  eraser: z.enum(['updater', 'target']).exactOptional(),
  invalidation: z.enum(['overwrite-random', 'overwrite-fixed', 'request']).exactOptional(),
  bulkPathKind: z.enum(['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp']).exactOptional(),
});

const order = z.strictObject({
  deviceId: nodeName,
  software: identifier,
  deadlineSeconds: seconds.default(toSeconds(DEFAULT_DEADLINE)),
  // An empty policy is none.
  policy: policy.transform((chosen) => (Object.keys(chosen).length === 0 ? undefined : chosen)).optional(),
});
const named = z.strictObject({ id: identifier });
const listQuery = pageQuery.extend({ device: nodeName.optional() });
const nothing = z.undefined().or(z.null()).or(z.strictObject({}));
const key = identifier.optional();

/** Ordering, reading, watching and cancelling updates. */
export const updateRoutes =
  ({ stores, updates, live, streams }: UpdateRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const softwareOf = ({ softwareId }: UpdateRecord) =>
      softwareId === undefined ? undefined : stores.software.find(softwareId);
    const view = (update: UpdateRecord) => updateView(update, softwareOf(update), live.progress(update.id));
    const find = (params: unknown): UpdateRecord => {
      const { id } = valid(named, params);
      updates.expireDue();
      return updates.find(id);
    };

    app.post('/updates', async (request, reply) => {
      const { software: softwareId, ...ordered } = valid(order, request.body);
      const idempotencyKey = valid(key, request.headers['idempotency-key']);
      const result = await updates.order({ ...ordered, softwareId, idempotencyKey });
      reply.code(result.created ? 201 : 200).header('location', `/api/v1/updates/${result.update.id}`);
      return { updateId: result.update.id, ...view(result.update) };
    });

    app.get('/updates', async (request) => {
      const { device, ...page } = valid(listQuery, request.query);
      updates.expireDue();
      return pageOf(stores.updates.page({ ...page, deviceId: device }), page.limit, ({ id }) => id, view);
    });

    app.get('/updates/:id', async (request) => view(find(request.params)));

    app.get('/updates/:id/journal', async (request) => {
      const { id } = find(request.params);
      return { items: stores.journal.list(id).map(stepView) };
    });

    app.post('/updates/:id/cancel', async (request, reply) => {
      valid(nothing, request.body);
      const update = updates.cancel(valid(named, request.params).id);
      reply.code(update.finishedAt === undefined ? 202 : 200);
      return view(update);
    });

    app.get('/updates/:id/events', async (request, reply) => {
      const update = find(request.params);
      streams.open(update, lastEventId(request.headers), reply, view);
    });
  };
