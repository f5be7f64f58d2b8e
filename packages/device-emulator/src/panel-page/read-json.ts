import type { IncomingMessage } from 'node:http';
import { type Clock, Seconds, withDeadline } from '@postern/core';
import { deviceError } from '../errors.ts';

const MOST_BYTES = 4 * 1024;
const TIMEOUT = Seconds(5);

/**
 * The JSON that came with a key.
 *
 * @throws PosternError `panel-request-invalid`, `deadline-exceeded`
 */
export const readJson = (request: IncomingMessage, clock: Clock): Promise<unknown> =>
  withDeadline(clock, TIMEOUT, 'The request', undefined, () => read(request));

const read = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The answer goes out on the same socket: giving up on the body must not end it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > MOST_BYTES) throw deviceError('panel-request-invalid', 'The request is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw deviceError('panel-request-invalid', 'The request is not JSON', cause);
  }
};
