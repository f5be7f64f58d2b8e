import type { ServerResponse } from 'node:http';
import { type Clock, Seconds, type Timer } from '@postern/core';
import type { FastifyReply } from 'fastify';
import { PROTECTIVE_HEADERS } from './protective-headers.ts';

const HEARTBEAT = Seconds(15);
/** A watcher that reads so slowly is cut off; it comes back with Last-Event-ID. Longer than any journal. Bytes. */
const MOST_BUFFERED = 4 * 1024 * 1024;

/** One stream of server-sent events (WHATWG HTML §9.2). */
export interface SseStream {
  /** @param id the place to go on from after this event */
  send(type: string, data: unknown, id?: string): void;
  /** Ends the stream in order. */
  end(): void;
}

/** All streams of a kind: they beat, they are released with their connection, and they end together. */
export class SseStreams {
  readonly #clock: Clock;
  readonly #open = new Set<ServerResponse>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param begin subscribes, and returns how to end that and what has happened so far; it runs without a pause, so nothing
   *   can come in between
   * @throws what `begin` throws: nothing was sent then
   */
  open(
    reply: FastifyReply,
    begin: (stream: SseStream) => { readonly unsubscribe: () => void; readonly sendPast: () => void },
  ): void {
    const response = reply.raw;
    const { socket } = reply.request.raw;
    const stream: SseStream = {
      send: (type, data, id) =>
        write(response, `${id === undefined ? '' : `id: ${id}\n`}${frame(type, data)}`),
      end: () => response.end(),
    };
    const { unsubscribe, sendPast } = begin(stream);
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
    sendPast();
  }

  /** Ends all streams; watchers may come back to another process. */
  closeAll(): void {
    for (const response of this.#open) response.end();
  }
}

const frame = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

const write = (response: ServerResponse, text: string): void => {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MOST_BUFFERED) response.destroy();
};
