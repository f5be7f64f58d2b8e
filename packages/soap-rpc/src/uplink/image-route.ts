import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  type Clock,
  type Duration,
  errorCode,
  type Logger,
  type NodeIdentity,
  PosternError,
  Seconds,
} from '@postern/core';
import { type Deadline, Deadlines } from '../listener/deadlines.ts';
import type { HttpRoute } from '../listener/listener-options.ts';
import { type RangeAnswer, readRange } from './byte-range.ts';

/** An image that a caller may read. */
export interface ReadableImage {
  /** Bytes. */
  readonly length: number;
  /** Both ends inclusive; the whole image where none is given. */
  readonly open: (range: {
    readonly start?: number;
    readonly end?: number;
  }) => Promise<AsyncIterable<Uint8Array>>;
}

/** What a refusal is answered with. */
export interface ImageRefusal {
  readonly status: number;
  /** JSON (application/problem+json, RFC 9457). */
  readonly problem: object;
  /** When it may be tried again. */
  readonly retryAfter?: Duration;
}

export interface ImageRouteParts {
  /**
   * The image, where this caller may read it. Whoever may not is told what he is told of an image that does not exist.
   *
   * @param signal aborts when the caller has gone
   * @throws PosternError what `refusal` makes an answer of
   */
  readonly find: (
    peer: NodeIdentity | undefined,
    sha256: string,
    signal: AbortSignal,
  ) => Promise<ReadableImage>;
  /** @param error what `find` threw, or PosternError `method-not-allowed`, `image-missing` of this route */
  readonly refusal: (error: unknown) => ImageRefusal;
  /** Makes the route's own refusals. */
  readonly refuse: (code: 'method-not-allowed' | 'image-missing', message: string) => Error;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A download that does not move for so long is cut off: the caller reads nothing, or the image cannot be read. */
const STALL_LIMIT = Seconds(60);

/** Where images are, on the listener of an uplink. */
export const IMAGE_PREFIX = '/images/';

/** Serves images by their SHA-256: GET and HEAD with one byte range (RFC 9110 §14). */
export const createImageRoute = (parts: ImageRouteParts): HttpRoute => {
  const deadlines = new Deadlines(parts.clock, STALL_LIMIT);
  return (request, response, { peer }) => {
    serve(parts, deadlines, request, response, peer).catch((error: unknown) => {
      refuse(parts, request, response, error);
    });
  };
};

const serve = async (
  { find, refuse: refused }: ImageRouteParts,
  deadlines: Deadlines,
  request: IncomingMessage,
  response: ServerResponse,
  peer: NodeIdentity | undefined,
): Promise<void> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    throw refused('method-not-allowed', 'Images are read with GET or HEAD');
  }
  const sha256 = (request.url ?? '').slice(IMAGE_PREFIX.length);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw refused('image-missing', 'Images are named by their SHA-256');
  const image = await find(peer, sha256, untilGone(response));
  const etag = `"${sha256}"`;
  const ifRange = request.headers['if-range']?.toString();
  const range = readRange(request.headers.range, ifRange, { etag, length: image.length });
  response.setHeader('etag', etag);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  writeHead(response, range, image.length);
  if (range.kind === 'unsatisfiable' || request.method === 'HEAD') {
    response.end();
    return;
  }
  await send(await image.open(range.kind === 'part' ? range : {}), response, deadlines);
};

/** As fast as the caller reads; each piece of the image has to be gone in time. */
const send = async (
  image: AsyncIterable<Uint8Array>,
  response: ServerResponse,
  deadlines: Deadlines,
): Promise<void> => {
  let deadline: Deadline | undefined;
  const moved = (): void => {
    if (deadline !== undefined) deadlines.met(deadline);
    deadline = deadlines.set(() => response.destroy(stalled()));
  };
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of image) {
      moved();
      yield piece;
    }
    moved();
  };
  try {
    moved();
    await pipeline(watched, response);
  } finally {
    if (deadline !== undefined) deadlines.met(deadline);
  }
};

const stalled = (): Error => new PosternError('connection-lost', 'The download did not move');

const untilGone = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
};

const writeHead = (response: ServerResponse, range: RangeAnswer, length: number): void => {
  if (range.kind === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${length}`, 'content-length': 0 });
  } else if (range.kind === 'part') {
    const { start, end } = range;
    response.writeHead(206, {
      'content-range': `bytes ${start}-${end}/${length}`,
      'content-length': end - start + 1,
    });
  } else {
    response.writeHead(200, { 'content-length': length });
  }
};

const refuse = (
  { refusal, logger }: ImageRouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void => {
  if (response.headersSent || response.destroyed) {
    logger.debug('An image download was interrupted', { code: errorCode(error, 'internal-error') });
    response.destroy();
    return;
  }
  const { status, problem, retryAfter } = refusal(error);
  if (retryAfter !== undefined) response.setHeader('retry-after', Math.ceil(retryAfter / 1_000));
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(problem));
  request.resume();
};
