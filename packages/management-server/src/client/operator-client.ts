import type { Readable } from 'node:stream';
import type { device, RemoteRequestKind, RequestKind } from '@postern/contracts';
import { type Duration, errorCode, errorMessage, PosternError, Seconds, toSeconds } from '@postern/core';
import { clientTlsOptions, type TrustAnchor } from '@postern/pki';
import { type Dispatcher, Pool } from 'undici';
import type { RequestState } from '../domain/requests/request-state.ts';
import type { NoticeView } from '../use-cases/notice-views.ts';
import type { OrderView, RequestView } from '../use-cases/request-views.ts';
import type { IntermediaryView, TimeKeyView, VendorKeysView } from '../use-cases/site-views.ts';
import type { DeviceView, Page, SoftwareView, StepView, UpdateView } from '../use-cases/views.ts';
import { type NoticeWatchEvent, readNoticeEvents } from './notice-events.ts';
import { readEvents, type UpdateEvent } from './update-events.ts';

/** An order of an update. */
export interface OrderRequest {
  readonly deviceId: string;
  /** A software identifier (`sw-…`). */
  readonly software: string;
  readonly deadlineSeconds?: number;
  /** What is to be done otherwise than the site's configuration says. */
  readonly policy?: device.UpdatePolicy;
}

/** Something that is asked of devices or intermediaries. */
export interface RequestsOrder {
  readonly kind: RemoteRequestKind;
  /** Names; or, instead of them, what is true of all the devices that are meant. */
  readonly targets?: readonly string[];
  readonly selector?: {
    readonly intermediary?: string;
    readonly model?: string;
    readonly profile?: string;
  };
  /** With `Activate` and targets: the intermediary that has found the devices, where none reports them yet. */
  readonly at?: string;
  /** In the JSON form of the contract (`requestToJson`). */
  readonly arguments?: unknown;
  readonly deadlineSeconds?: number;
  /** By poll unless given; `mail`: by mail, and by poll all the same. */
  readonly via?: 'poll' | 'mail';
}

/** Which requests are listed; what is absent is not asked for. */
export interface RequestListFilter {
  readonly order?: string;
  readonly target?: string;
  readonly intermediary?: string;
  readonly kind?: RequestKind;
  readonly state?: RequestState;
}

/** Which notices are listed; what is absent is not asked for. */
export interface NoticeListFilter {
  readonly kind?: NoticeView['kind'];
  readonly device?: string;
  readonly intermediary?: string;
  /** Calls that wait for an operator. */
  readonly open?: boolean;
}

/** Where the server's REST API is and what opens it. */
export interface OperatorClientOptions {
  /** `https://host:port` */
  readonly url: string;
  /** The operator token; never logged, never part of a URL. */
  readonly token: string;
  readonly trust: TrustAnchor;
  /** Longest wait for the beginning of an answer. */
  readonly answerTimeout?: Duration;
}

const LARGEST_PAGE = 500;
const MOST_ITEMS = 100_000;
/** Longest JSON answer, in bytes. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/**
 * The REST API of the management server, typed. Refusals are PosternErrors with the server's code and hint;
 * transport errors have the codes `unreachable` and `tls-refused`.
 */
export class OperatorClient {
  readonly #pool: Pool;
  readonly #token: string;
  readonly #answerTimeout: Duration;

  constructor({ url, token, trust, answerTimeout = Seconds(30) }: OperatorClientOptions) {
    this.#token = token;
    this.#answerTimeout = answerTimeout;
    this.#pool = new Pool(url, {
      connections: 8,
      headersTimeout: answerTimeout,
      bodyTimeout: 0,
      connect: clientTlsOptions(trust, { expect: { role: 'server' } }) as Pool.Options['connect'],
    } as Pool.Options);
  }

  /** Whether the server holds the image already. */
  async hasImage(sha256: string): Promise<boolean> {
    const answer = await this.#send({ method: 'HEAD', path: `/api/v1/images/${sha256}` });
    await answer.body.dump();
    return answer.statusCode === 200;
  }

  /** Uploads an image; the server checks length and digest. */
  async putImage(sha256: string, length: number, content: Readable, signal?: AbortSignal): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': `${length}` };
    await this.#json({
      method: 'PUT',
      path: `/api/v1/images/${sha256}`,
      body: content,
      headers,
      signal: signal ?? null,
    });
  }

  /** Registers a signed manifest whose images are uploaded. */
  async registerSoftware(signedManifest: Uint8Array): Promise<SoftwareView> {
    const body = { signedManifest: Buffer.from(signedManifest).toString('base64') };
    return (await this.#post('/api/v1/software', body)) as SoftwareView;
  }

  async listSoftware(): Promise<readonly SoftwareView[]> {
    return this.#all<SoftwareView>('/api/v1/software');
  }

  /** Takes a key rotation: in force from then on, and sent along with all software. */
  async trustRotation(signedRotation: Uint8Array): Promise<VendorKeysView> {
    const body = { signedRotation: Buffer.from(signedRotation).toString('base64') };
    return (await this.#post('/api/v1/vendor-keys/rotations', body)) as VendorKeysView;
  }

  async vendorKeys(): Promise<VendorKeysView> {
    return (await this.#get('/api/v1/vendor-keys')) as VendorKeysView;
  }

  async timeKey(): Promise<TimeKeyView> {
    return (await this.#get('/api/v1/time-key')) as TimeKeyView;
  }

  async listIntermediaries(): Promise<readonly IntermediaryView[]> {
    return this.#all<IntermediaryView>('/api/v1/intermediaries');
  }

  /** Has a site fetch software ahead of any update. */
  async pushSoftware(
    intermediary: string,
    push: { readonly software: string; readonly deadlineSeconds?: number },
  ): Promise<RequestView> {
    const path = `/api/v1/intermediaries/${encodeURIComponent(intermediary)}/software`;
    return (await this.#post(path, push)) as RequestView;
  }

  /**
   * Asks something of devices or intermediaries: one request for each.
   *
   * @param idempotencyKey ordering again with it and the same content gives the first order
   */
  async orderRequests(order: RequestsOrder, idempotencyKey?: string): Promise<OrderView> {
    const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return (await this.#post('/api/v1/requests', order, headers)) as OrderView;
  }

  /**
   * An order and how many of its requests are in which state.
   *
   * @param wait how long to wait for the end of all of them, at most 50 seconds
   */
  async order(id: string, wait?: Duration, signal?: AbortSignal): Promise<OrderView> {
    return (await this.#waiting(`/api/v1/orders/${encodeURIComponent(id)}`, wait, signal)) as OrderView;
  }

  /**
   * A request that is about no update.
   *
   * @param wait how long to wait for its end, at most 50 seconds
   */
  async request(id: string, wait?: Duration, signal?: AbortSignal): Promise<RequestView> {
    return (await this.#waiting(`/api/v1/requests/${encodeURIComponent(id)}`, wait, signal)) as RequestView;
  }

  /** Newest first, without long answers. */
  async listRequests(filter: RequestListFilter = {}, most = MOST_ITEMS): Promise<readonly RequestView[]> {
    return this.#all<RequestView>('/api/v1/requests', new URLSearchParams({ ...filter }), most);
  }

  async withdrawRequest(id: string): Promise<RequestView> {
    return (await this.#post(`/api/v1/requests/${encodeURIComponent(id)}/withdraw`, {})) as RequestView;
  }

  /** What devices and schedules said, newest first, without long content. */
  async listNotices(
    { open, ...filter }: NoticeListFilter = {},
    most = MOST_ITEMS,
  ): Promise<readonly NoticeView[]> {
    const query = { ...filter, ...(open === undefined ? {} : { open: String(open) }) };
    return this.#all<NoticeView>('/api/v1/notices', new URLSearchParams(query), most);
  }

  async notice(id: string): Promise<NoticeView> {
    return (await this.#get(`/api/v1/notices/${encodeURIComponent(id)}`)) as NoticeView;
  }

  /** Answers a call that waits for it: the answer goes down to the panel that the call came from. */
  async answerNotice(
    id: string,
    answer: { readonly outcome: 'succeeded' | 'failed'; readonly text: string },
  ): Promise<NoticeView> {
    return (await this.#post(`/api/v1/notices/${encodeURIComponent(id)}/answer`, answer)) as NoticeView;
  }

  /** What comes up from now on, or came after the notice `lastEventId`, until the signal aborts. */
  async *watchNotices(signal: AbortSignal, lastEventId?: string): AsyncGenerator<NoticeWatchEvent> {
    yield* this.#watch('/api/v1/events', readNoticeEvents, signal, lastEventId);
  }

  async listDevices(): Promise<readonly DeviceView[]> {
    return this.#all<DeviceView>('/api/v1/devices');
  }

  async device(id: string): Promise<DeviceView> {
    return (await this.#get(`/api/v1/devices/${encodeURIComponent(id)}`)) as DeviceView;
  }

  async orderUpdate(order: OrderRequest): Promise<UpdateView> {
    return (await this.#post('/api/v1/updates', order)) as UpdateView;
  }

  async update(id: string): Promise<UpdateView> {
    return (await this.#get(`/api/v1/updates/${encodeURIComponent(id)}`)) as UpdateView;
  }

  async listUpdates(): Promise<readonly UpdateView[]> {
    return ((await this.#get('/api/v1/updates')) as { items: UpdateView[] }).items;
  }

  async journal(id: string): Promise<readonly StepView[]> {
    const path = `/api/v1/updates/${encodeURIComponent(id)}/journal`;
    return ((await this.#get(path)) as { items: StepView[] }).items;
  }

  async cancel(id: string): Promise<UpdateView> {
    return (await this.#post(`/api/v1/updates/${encodeURIComponent(id)}/cancel`, {})) as UpdateView;
  }

  /** The update's events from `lastEventId` on (or from its beginning) until it has finished or the signal aborts. */
  async *watch(id: string, signal: AbortSignal, lastEventId?: string): AsyncGenerator<UpdateEvent> {
    const path = `/api/v1/updates/${encodeURIComponent(id)}/events`;
    yield* this.#watch(path, readEvents, signal, lastEventId);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async *#watch<Event>(
    path: string,
    read: (body: AsyncIterable<Uint8Array>) => AsyncGenerator<Event>,
    signal: AbortSignal,
    lastEventId: string | undefined,
  ): AsyncGenerator<Event> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const answer = await this.#send({ method: 'GET', path, headers, signal });
    await refuseFailure(answer);
    try {
      yield* read(answer.body);
    } catch (error) {
      throw transportError(error);
    }
  }

  /** Every page of a list, up to a limit that no operator reads anyway. */
  async #all<View>(
    path: string,
    query = new URLSearchParams(),
    most: number = MOST_ITEMS,
  ): Promise<readonly View[]> {
    const items: View[] = [];
    query.set('limit', String(Math.min(most, LARGEST_PAGE)));
    let next: string | null = null;
    do {
      if (next !== null) query.set('after', next);
      const page = (await this.#get(`${path}?${query}`)) as Page<View>;
      items.push(...page.items);
      next = page.next;
    } while (next !== null && items.length < most);
    return items;
  }

  #waiting(path: string, wait: Duration = Seconds(0), signal?: AbortSignal): Promise<unknown> {
    const query = wait === 0 ? '' : `?wait=${toSeconds(wait)}`;
    const headersTimeout = this.#answerTimeout + wait;
    return this.#json({ method: 'GET', path: `${path}${query}`, headersTimeout, signal: signal ?? null });
  }

  #get(path: string): Promise<unknown> {
    return this.#json({ method: 'GET', path });
  }

  #post(path: string, body: object, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const headers = { 'content-type': 'application/json', ...more };
    return this.#json({ method: 'POST', path, body: JSON.stringify(body), headers });
  }

  async #json(request: Dispatcher.RequestOptions): Promise<unknown> {
    const answer = await this.#send(request);
    await refuseFailure(answer);
    const text = await limitedText(answer);
    return text === '' ? {} : JSON.parse(text);
  }

  async #send(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    const headers = {
      ...(request.headers as Record<string, string>),
      authorization: `Bearer ${this.#token}`,
    };
    try {
      return await this.#pool.request({ ...request, headers });
    } catch (error) {
      throw transportError(error);
    }
  }
}

const transportError = (error: unknown): PosternError => {
  if (error instanceof PosternError) return error;
  const code = errorCode(error, errorName(error));
  if (/abort/i.test(code)) return new PosternError('cancelled', 'Cancelled', { cause: error });
  const tls = /identity|CERT|TLS|SSL|SIGNED|VERIFY/i.test(code);
  return new PosternError(
    tls ? 'tls-refused' : 'unreachable',
    `The management server: ${errorMessage(error)}`,
    {
      cause: error,
      hint: tls ? 'Check the CA file.' : 'Check that the server runs and that its URL is right.',
    },
  );
};

/** Aborted fetches are told by their name alone. */
const errorName = (error: unknown): string => (error instanceof Error ? error.name : '');

const refuseFailure = async (answer: Dispatcher.ResponseData): Promise<void> => {
  if (answer.statusCode < 400) return;
  const text = await limitedText(answer);
  throw problem(answer.statusCode, text);
};

/** RFC 9457 problem details, with our code and hint. */
const problem = (status: number, text: string): PosternError => {
  try {
    const { code, message, hint } = JSON.parse(text) as Record<string, unknown>;
    const options = typeof hint === 'string' ? { hint } : {};
    return new PosternError(
      String(code ?? 'refused'),
      String(message ?? `The server answered ${status}`),
      options,
    );
  } catch {
    return new PosternError('refused', `The server answered ${status}`);
  }
};

const limitedText = async ({ body }: Dispatcher.ResponseData): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new PosternError('response-too-large', 'The answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
