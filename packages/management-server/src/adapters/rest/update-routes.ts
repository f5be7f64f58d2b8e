import type { FastifyInstance } from 'fastify';
import { nothing, valid } from '../../use-cases/input.ts';
import type { UpdateUseCases } from '../../use-cases/updates.ts';
import { type EventStreams, lastEventId } from './event-streams.ts';
import { idempotencyKey, named } from './named.ts';
import { restCaller } from './rest-caller.ts';

export interface UpdateRoutesParts {
  readonly updates: UpdateUseCases;
  readonly streams: EventStreams;
}

/** Ordering, reading, watching and cancelling updates. */
export const updateRoutes =
  ({ updates, streams }: UpdateRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    app.post('/updates', async (request, reply) => {
      const { created, view } = await updates.order(request.body, idempotencyKey(request));
      reply.code(created ? 201 : 200).header('location', `/api/v1/updates/${view.id}`);
      return { updateId: view.id, ...view };
    });

    app.get('/updates', async (request) => updates.list(request.query));

    app.get('/updates/:id', async (request, reply) =>
      updates.get(named(request), request.query, restCaller(request, reply)),
    );

    app.get('/updates/:id/journal', async (request) => ({ items: updates.journal(named(request)) }));

    app.post('/updates/:id/cancel', async (request, reply) => {
      valid(nothing, request.body);
      const update = updates.cancel(named(request));
      reply.code(update.finishedAt === null ? 202 : 200);
      return update;
    });

    app.get('/updates/:id/events', async (request, reply) => {
      const update = updates.find(named(request));
      streams.open(update, lastEventId(request.headers), reply, updates.view);
    });
  };
