import type { Clock } from '@postern/core';
import type { FastifyReply } from 'fastify';
import type { LiveNotices, NoticeEvent } from '../../domain/notices/live-notices.ts';
import type { NoticeStore } from '../../domain/notices/records.ts';
import { noticeView } from '../../use-cases/notice-views.ts';
import { type SseStream, SseStreams } from './sse-stream.ts';

/** What a watcher that comes back has missed is told up to this many; the rest is in the list. */
const MOST_PAST = 1_000;

/**
 * Live watches of all that comes up: `notice` with an id when something has come, `notice-changed` when it was answered, say.
 * An interrupted watch goes on with Last-Event-ID; a new one begins with what comes next.
 */
export class NoticeStreams {
  readonly #streams: SseStreams;
  readonly #notices: Pick<NoticeStore, 'since'>;
  readonly #live: LiveNotices;

  constructor({
    notices,
    live,
    clock,
  }: { notices: Pick<NoticeStore, 'since'>; live: LiveNotices; clock: Clock }) {
    this.#streams = new SseStreams(clock);
    this.#notices = notices;
    this.#live = live;
  }

  /**
   * @param after the last notice that the watcher has seen; 0 for a new one
   * @throws PosternError `too-many-watchers`
   */
  open(after: number, reply: FastifyReply): void {
    this.#streams.open(reply, (stream) => {
      const past = after === 0 ? [] : this.#notices.since(String(after), MOST_PAST);
      const unsubscribe = this.#live.subscribe((event) => send(stream, event));
      const sendPast = (): void => {
        for (const notice of past) send(stream, { type: 'added', notice });
      };
      return { unsubscribe, sendPast };
    });
  }

  closeAll(): void {
    this.#streams.closeAll();
  }
}

const send = (stream: SseStream, { type, notice }: NoticeEvent): void => {
  const view = noticeView(notice, true);
  if (type === 'added') stream.send('notice', view, notice.id);
  else stream.send('notice-changed', view);
};
