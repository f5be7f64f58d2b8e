import type { FastifyInstance } from 'fastify';
import type { IntermediaryUseCases } from '../../use-cases/intermediaries.ts';
import { named } from './named.ts';

/** Intermediaries, and the software that is brought to them. */
export const siteRoutes =
  (intermediaries: IntermediaryUseCases) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/intermediaries', async (request) => intermediaries.list(request.query));

    app.post('/intermediaries/:id/software', async (request, reply) => {
      const { created, view } = await intermediaries.fetchSoftware(named(request), request.body);
      reply.code(created ? 201 : 200).header('location', `/api/v1/requests/${view.id}`);
      return view;
    });
  };
