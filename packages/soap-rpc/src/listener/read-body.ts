import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { errorCode, PosternError } from '@postern/core';
import type { InternalCode, ServiceCode } from '../errors.ts';
import type { Deadlines } from './deadlines.ts';
import type { ListenerLimits } from './limits.ts';

type Decode = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** The content codings that are taken (RFC 9110 §8.4.1). */
const DECODERS = new Map<string, Decode>([
  ['gzip', promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)],
  ['x-gzip', promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)],
  ['deflate', promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate)],
]);

const refuse = (code: ServiceCode, message: string, cause?: unknown): PosternError<ServiceCode> =>
  new PosternError(code, message, { cause });

/**
 * Refuses a body by what its headers announce, before a byte of it is read.
 *
 * @throws PosternError `content-encoding-unsupported`, `body-too-large`
 */
export const checkAnnouncedBody = (request: IncomingMessage, limits: ListenerLimits): void => {
  const encoding = encodingOf(request);
  if (encoding !== 'identity' && !DECODERS.has(encoding)) {
    throw refuse(
      'content-encoding-unsupported',
      'The content encoding is none of identity, gzip and deflate',
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge(limits);
};

/**
 * Reads and decompresses a request body.
 *
 * @throws PosternError `body-too-large`, `content-encoding-broken`, `request-timeout`, `request-aborted` when the
 * client went away
 */
export const readBody = (
  request: IncomingMessage,
  limits: ListenerLimits,
  deadlines: Deadlines,
): Promise<Uint8Array> => {
  const body = collect(request, limits, deadlines);
  const decode = DECODERS.get(encodingOf(request));
  return decode === undefined ? body : decompress(body, decode, limits);
};

const decompress = async (
  compressed: Promise<Uint8Array>,
  decode: Decode,
  limits: ListenerLimits,
): Promise<Uint8Array> => {
  const body = await compressed;
  try {
    return await decode(body, { maxOutputLength: limits.bodyBytes });
  } catch (cause) {
    if (errorCode(cause, '') === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits);
    throw refuse('content-encoding-broken', 'The body is not what its content encoding says', cause);
  }
};

const encodingOf = (request: IncomingMessage): string =>
  request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';

const tooLarge = (limits: ListenerLimits): PosternError<ServiceCode> =>
  refuse('body-too-large', `The body is longer than ${limits.bodyBytes} bytes`);

/**
 * Events instead of async iteration: stopping must leave the connection usable for the answer. A request that fails
 * is closed; without a listener for it, Node emits no error.
 */
const collect = (
  request: IncomingMessage,
  limits: ListenerLimits,
  deadlines: Deadlines,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (): void => {
      deadlines.met(deadline);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
    };
    const fail = (error: unknown): void => {
      stop();
      request.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limits.bodyBytes) fail(tooLarge(limits));
    };
    const onEnd = (): void => {
      stop();
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    };
    const onClose = (): void =>
      fail(new PosternError<InternalCode>('request-aborted', 'The client went away'));
    const deadline = deadlines.set(() => fail(timedOut()));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });

const timedOut = (): PosternError<ServiceCode> =>
  refuse('request-timeout', 'The body did not arrive in time');
