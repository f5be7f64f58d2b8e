import { errorCode, errorMessage, type PosternError, throwIfCancelled } from '@postern/core';
import { updateError } from '@postern/software-update';
import type { Dispatcher } from 'undici';
import type { DownloadImage } from '../../domain/images/ports.ts';
import { intermediaryError } from '../../errors.ts';

/**
 * Images from the node above by `GET /images/SHA-256` with a range (RFC 9110 §14).
 *
 * @param dispatcher its own timeouts are off: the signal ends what takes too long
 * @throws PosternError `image-missing`, `digest-mismatch` when the server has another length than the manifest says,
 *   or a transient code
 */
export const imageDownload =
  (dispatcher: Dispatcher, origin: string): DownloadImage =>
  async ({ sha256, length }, offset, signal) => {
    const headers: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const options = { origin, path: `/images/${sha256}`, method: 'GET', headers, signal } as const;
    let response: Dispatcher.ResponseData;
    try {
      response = await dispatcher.request(options);
    } catch (error) {
      throwIfCancelled(signal);
      throw transportError(error);
    }
    try {
      const first = firstByte(response, sha256, length, offset);
      return { offset: first, content: bytesOf(response.body, signal) };
    } catch (error) {
      response.body.on('error', () => {});
      response.body.destroy();
      throw error;
    }
  };

/** Where the response's content begins. */
const firstByte = (
  { statusCode, headers }: Dispatcher.ResponseData,
  sha256: string,
  length: number,
  offset: number,
): number => {
  if (statusCode === 404) throw updateError('image-missing', `The server has no image ${sha256}`);
  if (statusCode === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(headers['content-range'])) ?? [];
    if (first === undefined || Number(first) !== offset) throw invalid('another range than was asked for');
    if (total !== '*') checkLength(sha256, Number(total), length);
    return offset;
  }
  if (statusCode === 200) {
    const announced = headers['content-length'];
    if (announced !== undefined) checkLength(sha256, Number(announced), length);
    return 0;
  }
  if (statusCode === 503 && headers['retry-after'] !== undefined) {
    throw intermediaryError('image-not-ready', 'The node above is fetching the image itself');
  }
  if (statusCode === 429 || statusCode >= 500) {
    throw intermediaryError('server-busy', `The server answered the request for an image with ${statusCode}`);
  }
  throw invalid(`HTTP status ${statusCode}`);
};

const checkLength = (sha256: string, found: number, expected: number): void => {
  if (found === expected) return;
  throw updateError('digest-mismatch', `The server's image ${sha256} has ${found} bytes, not ${expected}`);
};

async function* bytesOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throwIfCancelled(signal);
    throw intermediaryError('connection-lost', `The image broke off: ${errorMessage(error)}`, error);
  }
}

const NO_CONNECTION =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_\w+|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

const transportError = (error: unknown): PosternError => {
  const code = NO_CONNECTION.test(errorCode(error, '')) ? 'unreachable' : 'connection-lost';
  return intermediaryError(code, `The image could not be asked for: ${errorMessage(error)}`, error);
};

const invalid = (what: string): PosternError =>
  intermediaryError('response-invalid', `The server answered the request for an image with ${what}`);
