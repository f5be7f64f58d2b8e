import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type Clock, Seconds, type Timer } from '@postern/core';
import type { FastifyReply } from 'fastify';
import type { LiveEvent, LiveUpdates } from '../../domain/live-updates.ts';
import type { Stores } from '../../domain/ports.ts';
import type { JournalRecord, UpdateRecord } from '../../domain/records.ts';
import { serverError } from '../../errors.ts';
import { PROTECTIVE_HEADERS } from './protective-headers.ts';
import { stepView } from './views.ts';

const HEARTBEAT = Seconds(15);
/** A watcher that reads so slowly is cut off; it comes back with Last-Event-ID. Longer than any journal. Bytes. */
const MOST_BUFFERED = 4 * 1024 * 1024;

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
 * Live watches as server-sent events (WHATWG HTML §9.2): `step` with its journal line, `progress`, and `finished` with
 * the whole update, after which the stream ends. Steps bear an id, with which an interrupted watch goes on.
 */
export class EventStreams {
  readonly #stores: Stores;
  readonly #live: LiveUpdates;
  readonly #clock: Clock;
  readonly #open = new Set<ServerResponse>();

  constructor(parts: { stores: Stores; live: LiveUpdates; clock: Clock }) {
    this.#stores = parts.stores;
    this.#live = parts.live;
    this.#clock = parts.clock;
  }

  /** @throws PosternError `too-many-watchers` */
  open(
    update: UpdateRecord,
    after: number,
    reply: FastifyReply,
    view: (update: UpdateRecord) => unknown,
  ): void {
    const response = reply.raw;
    const { socket } = reply.request.raw;
    const send = (event: LiveEvent): void => {
      write(response, render(event, view));
      if (event.type === 'finished') response.end();
    };
    const past = this.#past(update, after);
    const unsubscribe = this.#live.subscribe(update.id, send);
    let heartbeat: Timer | undefined;
    const beat = (): void => {
      write(response, ':\n\n');
      heartbeat = this.#clock.schedule(HEARTBEAT, beat, { background: true });
    };
    const release = (): void => {
      unsubscribe();
      heartbeat?.cancel();
      this.#open.delete(response);
      socket.off('close', release);
    };
    response.once('close', release);
    // A response that waits behind another one of its connection (pipelining) is not told of the connection's end.
    socket.once('close', release);
    this.#open.add(response);
    reply.hijack();
    response.writeHead(200, { ...PROTECTIVE_HEADERS, 'content-type': 'text/event-stream' });
    beat();
    for (const event of past) send(event);
  }

  /** Ends all streams; watchers may come back to another process. */
  closeAll(): void {
    for (const response of this.#open) response.end();
  }

  /** What has happened so far. Nothing can come in between: reading and subscribing run without a pause. */
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

const render = (event: LiveEvent, view: (update: UpdateRecord) => unknown): string => {
  if (event.type === 'step') return stepEvent(event.step);
  if (event.type === 'progress') return frame('progress', event.progress);
  return frame('finished', view(event.update));
};

const stepEvent = (step: JournalRecord): string => `id: ${step.position}\n${frame('step', stepView(step))}`;

const frame = (type: LiveEvent['type'], data: unknown): string =>
  `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

const write = (response: ServerResponse, text: string): void => {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MOST_BUFFERED) response.destroy();
};
