import type { uplink } from '@postern/contracts';
import { z } from 'zod';
import { NEW_NOTICES } from '../domain/notices/live-notices.ts';
import type { Notices } from '../domain/notices/notices.ts';
import type { NoticeRecord } from '../domain/notices/records.ts';
import type { Stores } from '../domain/ports.ts';
import type { WaitingReads } from '../domain/waiting-reads.ts';
import { type Caller, holdUntil, wait } from './caller.ts';
import { flag, identifier, nodeName, pageOf, pageQuery, valid } from './input.ts';
import { type NoticeView, noticeView } from './notice-views.ts';
import type { Page } from './views.ts';

export interface NoticeParts {
  readonly stores: Stores;
  readonly notices: Notices;
  readonly reads: WaitingReads;
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

const filtered = pageQuery.extend({
  kind: z.enum(KINDS).optional(),
  device: nodeName.optional(),
  intermediary: nodeName.optional(),
});
const listQuery = filtered.extend({ open: flag.optional() });
const followQuery = filtered.omit({ after: true }).extend({
  since: z
    .string()
    .regex(/^\d{1,15}$/, 'not the identifier of a notice')
    .optional(),
  wait,
});

/** What XML 1.0 (§2.2) can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const SHOWABLE = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]*$/u;

/** t:Text of wsdl/types.xsd. */
const answer = z.strictObject({
  outcome: z.enum(['succeeded', 'failed']),
  text: z.string().max(1_024).regex(SHOWABLE, 'holds characters that cannot be shown'),
});

/** Calls and notices as operators deal with them. */
export interface NoticeUseCases {
  /** Newest first, without long content. */
  list(query: unknown): Page<NoticeView>;
  /**
   * Those that came after `since`, oldest first, without long content. With `wait`, not before there is one, or so many
   * seconds later. `next` is always where to go on from; null while there has never been one.
   */
  follow(query: unknown, caller: Caller): Promise<Page<NoticeView>>;
  get(id: unknown): NoticeView;
  answer(id: unknown, body: unknown): NoticeView;
}

/** @spec R3 R4 R6 */
export const noticeUseCases = ({ stores, notices, reads }: NoticeParts): NoticeUseCases => ({
  list: (query) => {
    const { device: deviceId, ...page } = valid(listQuery, query);
    notices.expireDue();
    return pageOf(stores.notices.page({ ...page, deviceId }), page.limit, ({ id }) => id, shortView);
  },
  follow: async (query, caller) => {
    const { since, wait, limit, device: deviceId, ...filter } = valid(followQuery, query);
    const news = () => stores.notices.since(since ?? '0', limit, { ...filter, deviceId });
    await holdUntil(reads, NEW_NOTICES, () => news().length > 0, wait, caller);
    const items = news().map(shortView);
    return { items, next: items.at(-1)?.id ?? since ?? null };
  },
  get: (id) => {
    notices.expireDue();
    return noticeView(notices.find(valid(identifier, id, 'id')), false);
  },
  answer: (id, body) => noticeView(notices.answer(valid(identifier, id, 'id'), valid(answer, body)), false),
});

const shortView = (record: NoticeRecord): NoticeView => noticeView(record, true);
