import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@postern/core';
import type { FastifyReply } from 'fastify';
import type { LiveEvent, LiveUpdates } from '../../domain/live-updates.ts';
import type { Stores } from '../../domain/ports.ts';
import type { UpdateRecord } from '../../domain/records.ts';
import { serverError } from '../../errors.ts';
import { stepView } from '../../use-cases/views.ts';
import { type SseStream, SseStreams } from './sse-stream.ts';

/**
 * Where a watcher goes on: the position of the last step it has seen, 0 for a new one.
 *
 * @throws PosternError `request-invalid`
 */
export const lastEventId = (headers: IncomingHttpHeaders): number => {
  const header = headers['last-event-id'] ?? '0';
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw serverError('request-invalid', 'Last-Event-ID: not an event of this stream');
};

/**
 * Live watches of one update: `step` with its journal line, `progress`, and `finished` with the whole update, after which
 * the stream ends. Steps bear an id, with which an interrupted watch goes on.
 */
export class EventStreams {
  readonly #stores: Stores;
  readonly #live: LiveUpdates;
  readonly #streams: SseStreams;

  constructor(parts: { stores: Stores; live: LiveUpdates; clock: Clock }) {
    this.#stores = parts.stores;
    this.#live = parts.live;
    this.#streams = new SseStreams(parts.clock);
  }

  /** @throws PosternError `too-many-watchers` */
  open(
    update: UpdateRecord,
    after: number,
    reply: FastifyReply,
    view: (update: UpdateRecord) => unknown,
  ): void {
    this.#streams.open(reply, (stream) => {
      const send = (event: LiveEvent): void => {
        tell(stream, event, view);
        if (event.type === 'finished') stream.end();
      };
      const past = this.#past(update, after);
      const unsubscribe = this.#live.subscribe(update.id, send);
      const sendPast = (): void => {
        for (const event of past) send(event);
      };
      return { unsubscribe, sendPast };
    });
  }

  /** Ends all streams; watchers may come back to another process. */
  closeAll(): void {
    this.#streams.closeAll();
  }

  /** What has happened so far. */
  #past(update: UpdateRecord, after: number): LiveEvent[] {
    const updateId = update.id;
    const progress = this.#live.progress(updateId);
    return [
      ...this.#stores.journal
        .since(updateId, after)
        .map((step): LiveEvent => ({ type: 'step', updateId, step })),
      ...(progress === undefined ? [] : [{ type: 'progress' as const, updateId, progress }]),
      ...(update.finishedAt === undefined ? [] : [{ type: 'finished' as const, updateId, update }]),
    ];
  }
}

const tell = (stream: SseStream, event: LiveEvent, view: (update: UpdateRecord) => unknown): void => {
  if (event.type === 'step') stream.send('step', stepView(event.step), String(event.step.position));
  else if (event.type === 'progress') stream.send('progress', event.progress);
  else stream.send('finished', view(event.update));
};
