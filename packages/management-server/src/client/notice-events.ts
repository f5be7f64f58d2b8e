import type { NoticeView } from '../use-cases/notice-views.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** Something has come up, or was answered, say. A watch that broke goes on from the id of the last `added`. */
export interface NoticeWatchEvent {
  readonly type: 'added' | 'changed';
  readonly notice: NoticeView;
}

/** Reads the events of all notices; unknown ones are passed over. */
export async function* readNoticeEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<NoticeWatchEvent> {
  for await (const { type, data } of serverSentEvents(body)) {
    if (type === 'notice') yield { type: 'added', notice: data as NoticeView };
    if (type === 'notice-changed') yield { type: 'changed', notice: data as NoticeView };
  }
}
