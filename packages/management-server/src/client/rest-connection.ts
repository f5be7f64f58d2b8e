import { type Duration, errorCode, errorMessage, PosternError, Seconds, toSeconds } from '@postern/core';
import { clientTlsOptions, type TrustAnchor } from '@postern/pki';
import { type Dispatcher, Pool } from 'undici';
import type { Page } from '../use-cases/views.ts';

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
/** Of one list: more than anybody reads. */
export const MOST_ITEMS = 100_000;
/** Longest JSON answer, in bytes. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/**
 * Connections to the REST API: pages, waits, streams, refusals. Refusals are PosternErrors with the server's code and hint;
 * transport errors have the codes `unreachable` and `tls-refused`.
 */
export class RestConnection {
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

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /** Live events, from the one after `lastEventId` or from now on. */
  async *watch<Event>(
    path: string,
    read: (body: AsyncIterable<Uint8Array>) => AsyncGenerator<Event>,
    signal: AbortSignal,
    lastEventId: string | undefined,
  ): AsyncGenerator<Event> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const answer = await this.send({ method: 'GET', path, headers, signal });
    await refuseFailure(answer);
    try {
      yield* read(answer.body);
    } catch (error) {
      throw transportError(error);
    }
  }

  /** Every page of a list, up to a limit that no operator reads anyway. */
  async all<View>(
    path: string,
    query = new URLSearchParams(),
    most: number = MOST_ITEMS,
  ): Promise<readonly View[]> {
    const items: View[] = [];
    query.set('limit', String(Math.min(most, LARGEST_PAGE)));
    let next: string | null = null;
    do {
      if (next !== null) query.set('after', next);
      const page = (await this.get(`${path}?${query}`)) as Page<View>;
      items.push(...page.items);
      next = page.next;
    } while (next !== null && items.length < most);
    return items;
  }

  /** Reads what may be held; the wait for the answer is so much longer. */
  waiting(path: string, wait: Duration = Seconds(0), signal?: AbortSignal): Promise<unknown> {
    const query = wait === 0 ? '' : `?wait=${toSeconds(wait)}`;
    const headersTimeout = this.#answerTimeout + wait;
    return this.json({ method: 'GET', path: `${path}${query}`, headersTimeout, signal: signal ?? null });
  }

  get(path: string): Promise<unknown> {
    return this.json({ method: 'GET', path });
  }

  post(path: string, body: object, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const headers = { 'content-type': 'application/json', ...more };
    return this.json({ method: 'POST', path, body: JSON.stringify(body), headers });
  }

  /** Sends a request and reads the JSON of its answer. @throws PosternError with the server's code */
  async json(request: Dispatcher.RequestOptions): Promise<unknown> {
    const answer = await this.send(request);
    await refuseFailure(answer);
    const text = await limitedText(answer);
    return text === '' ? {} : JSON.parse(text);
  }

  /** Sends a request with the credential; the answer may be a refusal. @throws PosternError `unreachable`, `tls-refused` */
  async send(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
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
