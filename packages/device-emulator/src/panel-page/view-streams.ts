import type { ServerResponse } from 'node:http';
import { type Clock, Milliseconds, Seconds, type Timer } from '@postern/core';
import { deviceError } from '../errors.ts';
import type { PageDevice } from './page-device.ts';

/** Watchers of all devices together. */
export const MOST_WATCHERS = 16;

/** Changes within this time are told as one. */
const PAUSE = Milliseconds(100);
const HEARTBEAT = Seconds(15);

/** Who reads so slowly is cut off; its browser comes back. Bytes. */
const MOST_BUFFERED = 1024 * 1024;

interface Watched {
  readonly device: PageDevice;
  readonly responses: Set<ServerResponse>;
  pause: Timer | undefined;
}

/** Views of devices as server-sent events (WHATWG HTML §9.2): the whole view at first and with each change. */
export class ViewStreams {
  readonly #clock: Clock;
  readonly #watched = new Map<string, Watched>();
  #watchers = 0;
  #heartbeat: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws PosternError `too-many-watchers` */
  open(device: PageDevice, response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    if (this.#watchers >= MOST_WATCHERS) {
      throw deviceError('too-many-watchers', `${MOST_WATCHERS} pages are open already`);
    }
    const watched = this.#watched.get(device.id) ?? { device, responses: new Set(), pause: undefined };
    this.#watched.set(device.id, watched);
    watched.responses.add(response);
    this.#watchers += 1;
    response.once('close', () => this.#release(watched, response));
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    write(response, `retry: 1000\n${frameOf(device)}`);
    if (this.#heartbeat === undefined) this.#beat();
  }

  /** Something of a device has changed; costs next to nothing where nobody looks. */
  changed(deviceId: string): void {
    const watched = this.#watched.get(deviceId);
    if (watched === undefined || watched.pause !== undefined) return;
    watched.pause = this.#clock.schedule(PAUSE, () => {
      watched.pause = undefined;
      const frame = frameOf(watched.device);
      for (const response of watched.responses) write(response, frame);
    });
  }

  closeAll(): void {
    for (const { responses } of this.#watched.values()) for (const response of responses) response.destroy();
  }

  #release(watched: Watched, response: ServerResponse): void {
    watched.responses.delete(response);
    this.#watchers -= 1;
    if (watched.responses.size === 0) {
      watched.pause?.cancel();
      this.#watched.delete(watched.device.id);
    }
    if (this.#watchers > 0) return;
    this.#heartbeat?.cancel();
    this.#heartbeat = undefined;
  }

  /** Finds out who has gone without a word. */
  #beat(): void {
    const beat = (): void => {
      for (const { responses } of this.#watched.values()) {
        for (const response of responses) write(response, ':\n\n');
      }
      this.#beat();
    };
    this.#heartbeat = this.#clock.schedule(HEARTBEAT, beat, { background: true });
  }
}

const frameOf = ({ view }: PageDevice): string => `event: view\ndata: ${JSON.stringify(view)}\n\n`;

const write = (response: ServerResponse, text: string): void => {
  if (response.destroyed) return;
  response.write(text);
  if (response.writableLength > MOST_BUFFERED) response.destroy();
};
