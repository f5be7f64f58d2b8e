import type { FastifyInstance } from 'fastify';
import type { NoticeUseCases } from '../../use-cases/notices.ts';
import { lastEventId } from './event-streams.ts';
import { named } from './named.ts';
import type { NoticeStreams } from './notice-streams.ts';

export interface NoticeRoutesParts {
  readonly notices: NoticeUseCases;
  readonly streams: NoticeStreams;
}

/** What devices say on their own accord, and answers to their calls. */
export const noticeRoutes =
  ({ notices, streams }: NoticeRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/notices', async (request) => notices.list(request.query));

    app.get('/notices/:id', async (request) => notices.get(named(request)));

    app.post('/notices/:id/answer', async (request) => notices.answer(named(request), request.body));

    app.get('/events', async (request, reply) => {
      streams.open(lastEventId(request.headers), reply);
    });
  };
