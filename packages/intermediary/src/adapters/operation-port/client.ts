import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { device, types } from '@postern/contracts';
import { errorCode, errorMessage, PosternError, throwIfCancelled } from '@postern/core';
import type { SiteStatus } from '../../domain/local/site-operations.ts';
import type { SearchQuery } from '../../domain/search/search.ts';
import { intermediaryError } from '../../errors.ts';
import type {
  WireConnection,
  WireDevice,
  WireEvent,
  WirePlannedTask,
  WireSearchEvent,
  WireSoftware,
  WireUpdate,
  WireUpdateDetails,
} from './wire.ts';

/** What an order at the operation port says. */
export interface WireOrder {
  readonly deviceId: string;
  /** Identifier or name of software on the shelf; the newest for the device unless given. */
  readonly software?: string;
  readonly deadlineSeconds?: number;
}

/** A request on the spot. */
export interface WireRequest {
  readonly kind: string;
  readonly target: string;
  readonly value: unknown;
  readonly expiresInSeconds?: number;
}

/** The answer to it. */
export interface WireAnswer {
  readonly kind: string;
  readonly value: unknown;
}

/**
 * Talks to the operation port of a running intermediary. Every call throws `site-not-running`, or the intermediary's
 * own code.
 *
 * @spec I4
 */
export class OperationClient {
  readonly #socketPath: string;
  readonly #signal: AbortSignal | undefined;

  /** @param signal ends all calls */
  constructor(socketPath: string, signal?: AbortSignal) {
    this.#socketPath = socketPath;
    this.#signal = signal;
  }

  status(): Promise<SiteStatus> {
    return this.#json('GET', '/status');
  }

  devices(): Promise<readonly WireDevice[]> {
    return this.#json('GET', '/devices');
  }

  /** @param endpoint where it listens; where it was found, or registered from, unless given */
  adopt(
    deviceId: string,
    endpoint?: { readonly host: string; readonly port: number },
  ): Promise<device.DeviceInformation> {
    return this.#json('POST', '/devices', { deviceId, ...endpoint });
  }

  async release(deviceId: string): Promise<void> {
    await this.#json('POST', `/devices/${encodeURIComponent(deviceId)}/release`);
  }

  connections(): Promise<readonly WireConnection[]> {
    return this.#json('GET', '/connections');
  }

  /**
   * Searches for devices and tells how far it is; the last event is the result.
   *
   * @throws PosternError why the search cannot begin, or has failed
   */
  async *search(query: SearchQuery): AsyncGenerator<Exclude<WireSearchEvent, { type: 'failed' }>> {
    for await (const event of this.#lines<WireSearchEvent>('POST', '/search', query)) {
      if (event.type === 'failed') throw refusalOf(event.failure);
      yield event;
    }
  }

  software(): Promise<readonly WireSoftware[]> {
    return this.#json('GET', '/software');
  }

  /** @param bundle the bytes of a tar file, as `packBundle` of `@postern/storage` makes them */
  async importSoftware(bundle: Readable): Promise<WireSoftware> {
    return JSON.parse(await readText(await this.#send('POST', '/software', bundle))) as WireSoftware;
  }

  removeSoftware(wanted: string): Promise<WireSoftware> {
    return this.#json('DELETE', `/software/${encodeURIComponent(wanted)}`);
  }

  order(order: WireOrder): Promise<WireUpdate> {
    return this.#json('POST', '/updates', order);
  }

  updates(): Promise<readonly WireUpdate[]> {
    return this.#json('GET', '/updates');
  }

  update(id: string): Promise<WireUpdateDetails> {
    return this.#json('GET', `/updates/${encodeURIComponent(id)}`);
  }

  /** @param after the last sequence that is known already */
  async *follow(id: string, after = 0): AsyncGenerator<WireEvent> {
    yield* this.#lines<WireEvent>('GET', `/updates/${encodeURIComponent(id)}/events?after=${after}`);
  }

  async cancel(id: string): Promise<boolean> {
    const path = `/updates/${encodeURIComponent(id)}/cancel`;
    return (await this.#json<{ readonly cancelled: boolean }>('POST', path)).cancelled;
  }

  /** Carries a request out; what it says and what is answered are as the contract has them in JSON. */
  request(asked: WireRequest): Promise<WireAnswer> {
    return this.#json('POST', '/requests', asked);
  }

  schedule(): Promise<readonly WirePlannedTask[]> {
    return this.#json('GET', '/schedule');
  }

  setSchedule(entries: readonly device.ScheduleEntry[]): Promise<readonly WirePlannedTask[]> {
    return this.#json('PUT', '/schedule', entries);
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return JSON.parse(await readText(await this.#send(method, path, jsonBytes(body)))) as T;
  }

  async *#lines<T>(method: string, path: string, body?: unknown): AsyncGenerator<T> {
    const response = await this.#send(method, path, jsonBytes(body));
    try {
      for await (const line of createInterface({ input: response })) yield JSON.parse(line) as T;
    } catch (error) {
      throw this.#explained(error);
    } finally {
      response.destroy();
    }
  }

  async #send(method: string, path: string, body?: Buffer | Readable): Promise<IncomingMessage> {
    const signal = this.#signal;
    const options = { socketPath: this.#socketPath, method, path, agent: false };
    const request = httpRequest(signal === undefined ? options : { ...options, signal });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => {});
    let response: IncomingMessage;
    try {
      if (body === undefined || Buffer.isBuffer(body)) request.end(body);
      // The answer may come, and the connection end, before all was sent.
      else await Promise.race([pipeline(body, request), answered]);
      [response] = await answered;
    } catch (error) {
      throw this.#explained(error);
    }
    if (response.statusCode === 200) return response;
    throw refusal(await readText(response));
  }

  #explained(error: unknown): unknown {
    if (this.#signal !== undefined) throwIfCancelled(this.#signal);
    const code = errorCode(error, '');
    const nobody = code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES';
    const what = nobody ? 'No intermediary answers at' : 'The connection ended to';
    const message = `${what} ${this.#socketPath}${nobody ? '' : `: ${errorMessage(error)}`}`;
    return intermediaryError(nobody ? 'site-not-running' : 'connection-lost', message, error);
  }
}

const readText = async (response: IncomingMessage): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
};

const refusal = (text: string): PosternError => {
  const { error } = JSON.parse(text) as { error: types.Failure };
  return refusalOf(error);
};

const refusalOf = ({ code, message, hint }: types.Failure): PosternError =>
  new PosternError(code, message, hint === undefined ? {} : { hint });

const jsonBytes = (body: unknown): Buffer | undefined =>
  body === undefined ? undefined : Buffer.from(JSON.stringify(body), 'utf8');
