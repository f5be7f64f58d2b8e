import type { uplink } from '@postern/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Notices } from '../../domain/notices/notices.ts';
import type { Stores } from '../../domain/ports.ts';
import { lastEventId } from './event-streams.ts';
import type { NoticeStreams } from './notice-streams.ts';
import { noticeView } from './notice-views.ts';
import { identifier, nodeName, pageOf, pageQuery, valid } from './validate.ts';

export interface NoticeRoutesParts {
  readonly stores: Stores;
  readonly notices: Notices;
  readonly streams: NoticeStreams;
}

const KINDS = [
  'UserCall',
  'NotifySupply',
  'NotifyAbnormality',
  'NotifyStart',
  'Register',
  'GetCountersResponse',
  'CollectLogsResponse',
] as const satisfies readonly uplink.DeliverBody['kind'][];

const noticeQuery = pageQuery.extend({
  kind: z.enum(KINDS).optional(),
  device: nodeName.optional(),
  intermediary: nodeName.optional(),
  open: z.enum(['true', 'false']).optional(),
});
const named = z.strictObject({ id: identifier });

/** What XML 1.0 (§2.2) can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const SHOWABLE = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]*$/u;

/** t:Text of wsdl/types.xsd. */
const answer = z.strictObject({
  outcome: z.enum(['succeeded', 'failed']),
  text: z.string().max(1_024).regex(SHOWABLE, 'holds characters that cannot be shown'),
});

/**
 * What devices say on their own accord, and answers to their calls.
 *
 * @spec R3 R4 R6
 */
export const noticeRoutes =
  ({ stores, notices, streams }: NoticeRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/notices', async (request) => {
      const { limit, after, device, open, ...filter } = valid(noticeQuery, request.query);
      notices.expireDue();
      const page = { ...filter, limit, after, deviceId: device };
      const asked = open === undefined ? page : { ...page, open: open === 'true' };
      return pageOf(
        stores.notices.page(asked),
        limit,
        ({ id }) => id,
        (record) => noticeView(record, true),
      );
    });

    app.get('/notices/:id', async (request) => {
      notices.expireDue();
      return noticeView(notices.find(valid(named, request.params).id), false);
    });

    app.post('/notices/:id/answer', async (request) => {
      const { id } = valid(named, request.params);
      return noticeView(notices.answer(id, valid(answer, request.body)), false);
    });

    app.get('/events', async (request, reply) => {
      streams.open(lastEventId(request.headers), reply);
    });
  };
