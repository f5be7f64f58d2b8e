import type { FastifyInstance } from 'fastify';
import { nothing, valid } from '../../use-cases/input.ts';
import type { RequestUseCases } from '../../use-cases/requests.ts';
import { idempotencyKey, named } from './named.ts';
import { restCaller } from './rest-caller.ts';

/** Requests to devices and intermediaries that are about no update: ordering, reading, waiting, withdrawing. */
export const requestRoutes =
  (requests: RequestUseCases) =>
  async (app: FastifyInstance): Promise<void> => {
    app.post('/requests', async (request, reply) => {
      const { created, view } = requests.order(request.body, idempotencyKey(request));
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${view.id}`);
      return view;
    });

    app.get('/requests', async (request) => requests.list(request.query));

    app.get('/requests/:id', async (request, reply) =>
      requests.get(named(request), request.query, restCaller(request, reply)),
    );

    app.post('/requests/:id/withdraw', async (request) => {
      valid(nothing, request.body);
      return requests.withdraw(named(request));
    });

    app.get('/orders/:id', async (request, reply) =>
      requests.getOrder(named(request), request.query, restCaller(request, reply)),
    );
  };
