import { request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { PosternError } from '@postern/core';

/** The answer to a GET. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Bytes of an answer. */
const LONGEST = 16 << 20;

/**
 * Gets a page over TLS, on a connection of its own.
 *
 * @throws PosternError `response-too-large`; what Node says of connections that fail
 */
export const get = (
  url: string,
  tls: ConnectionOptions,
  { signal, headers = {} }: { readonly signal: AbortSignal; readonly headers?: Record<string, string> },
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { ...tls, agent: false, headers, signal }, (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
        parts.push(part);
        if (length > LONGEST) {
          asked.destroy(new PosternError('response-too-large', `The answer is longer than ${LONGEST} bytes`));
        }
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
