import type { NoticeView } from '../use-cases/notice-views.ts';
import { type NoticeWatchEvent, readNoticeEvents } from './notice-events.ts';
import { MOST_ITEMS, type RestConnection } from './rest-connection.ts';

/** Which notices are listed; what is absent is not asked for. */
export interface NoticeListFilter {
  readonly kind?: NoticeView['kind'];
  readonly device?: string;
  readonly intermediary?: string;
  /** Calls that wait for an operator. */
  readonly open?: boolean;
}

/** Calls and notices. */
export const noticeCalls = (connection: RestConnection) => ({
  /** What devices and schedules said, newest first, without long content. */
  async listNotices(
    { open, ...filter }: NoticeListFilter = {},
    most = MOST_ITEMS,
  ): Promise<readonly NoticeView[]> {
    const query = { ...filter, ...(open === undefined ? {} : { open: String(open) }) };
    return connection.all<NoticeView>('/api/v1/notices', new URLSearchParams(query), most);
  },

  async notice(id: string): Promise<NoticeView> {
    return (await connection.get(`/api/v1/notices/${encodeURIComponent(id)}`)) as NoticeView;
  },

  /** Answers a call that waits for it: the answer goes down to the panel that the call came from. */
  async answerNotice(
    id: string,
    answer: { readonly outcome: 'succeeded' | 'failed'; readonly text: string },
  ): Promise<NoticeView> {
    return (await connection.post(`/api/v1/notices/${encodeURIComponent(id)}/answer`, answer)) as NoticeView;
  },

  /** What comes up from now on, or came after the notice `lastEventId`, until the signal aborts. */
  async *watchNotices(signal: AbortSignal, lastEventId?: string): AsyncGenerator<NoticeWatchEvent> {
    yield* connection.watch('/api/v1/events', readNoticeEvents, signal, lastEventId);
  },
});
