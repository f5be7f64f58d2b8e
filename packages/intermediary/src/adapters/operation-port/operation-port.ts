import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Clock, errorCode, errorMessage, type Logger, Seconds, withDeadline } from '@postern/core';
import type { SiteOperations } from '../../domain/local/site-operations.ts';
import { wireFailure } from '../../domain/wire-text.ts';
import { intermediaryError } from '../../errors.ts';
import { type OperationRequest, ROUTES } from './routes.ts';
import { clearSocketPath, protectSocket, unusable } from './socket-path.ts';

export interface OperationPortOptions {
  /** The Unix socket; whoever may open it is the operator. */
  readonly path: string;
  readonly operations: SiteOperations;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MOST_CONNECTIONS = 64;
const LONGEST_JSON = 256 * 1_024;
const JSON_TIMEOUT = Seconds(10);

/**
 * Where people at the site order and look: HTTP with JSON on a Unix socket of mode 0600. Call it when the data
 * directory's lock is held: what is in the socket's place was left by a killed process.
 *
 * @throws PosternError `operation-port-unusable`
 * @spec I4
 */
export const openOperationPort = async (
  options: OperationPortOptions,
): Promise<{ readonly close: () => Promise<void> }> => {
  const { path } = options;
  await clearSocketPath(path);
  const ending = new AbortController();
  const server = createServer((request, response) => {
    void answer(options, request, response, ending.signal);
  });
  server.maxConnections = MOST_CONNECTIONS;
  // An import takes as long as its medium; what stalls is ended by whoever reads it.
  server.requestTimeout = 0;
  try {
    server.listen(path);
    await once(server, 'listening');
    await protectSocket(path);
  } catch (error) {
    server.close();
    throw unusable(path, error);
  }
  return { close: () => closeServer(server, ending) };
};

const closeServer = async (server: Server, ending: AbortController): Promise<void> => {
  const closed = once(server, 'close');
  server.close();
  ending.abort();
  server.closeAllConnections();
  await closed;
};

const answer = async (
  options: OperationPortOptions,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  try {
    const { key, id, query } = routeOf(request);
    const handler = Object.hasOwn(ROUTES, key) ? ROUTES[key] : undefined;
    if (handler === undefined) throw intermediaryError('operation-unknown', `There is no ${key}`);
    const result = await handler(options.operations, {
      ...bodyOf(request, options.clock, signal),
      id,
      query,
      signal,
    });
    if ('body' in result) send(response, 200, result.body);
    else await sendLines(response, result.lines, signal);
  } catch (error) {
    refuse(options.logger, response, error, signal);
  } finally {
    // What was not read of the body must not keep the answer from being heard.
    request.resume();
  }
};

const routeOf = ({ method = '', url = '' }: IncomingMessage) => {
  const { pathname, searchParams: query } = new URL(url, 'http://operation');
  const [collection = '', id = '', ...rest] = pathname.split('/').slice(1);
  const path = [collection, ...(id === '' ? [] : [':id']), ...rest].join('/');
  return { key: `${method} /${path}`, id: decodeURIComponent(id), query };
};

const bodyOf = (
  request: IncomingMessage,
  clock: Clock,
  signal: AbortSignal,
): Pick<OperationRequest, 'json' | 'bytes'> => {
  // The answer goes out on the same socket: giving up on the body must not end it.
  const bytes = { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) };
  return {
    bytes,
    json: () => withDeadline(clock, JSON_TIMEOUT, 'The request', signal, () => readJson(bytes)),
  };
};

const readJson = async (bytes: AsyncIterable<Uint8Array>): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > LONGEST_JSON) throw intermediaryError('operation-invalid', 'The request is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw intermediaryError('operation-invalid', 'The request is not JSON', cause);
  }
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const sendLines = async (
  response: ServerResponse,
  lines: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  for await (const line of lines) {
    if (!response.write(`${JSON.stringify(line)}\n`)) await once(response, 'drain', { signal });
  }
  response.end();
};

const refuse = (logger: Logger, response: ServerResponse, error: unknown, signal: AbortSignal): void => {
  if (signal.aborted || response.headersSent) {
    response.destroy();
    return;
  }
  const failure = wireFailure(error);
  if (failure.code === 'internal-error') {
    logger.error('A request at the operation port failed unexpectedly', {
      error,
      reason: errorMessage(error),
    });
  }
  send(response, STATUS[errorCode(error, '')] ?? (failure.code === 'internal-error' ? 500 : 409), {
    error: failure,
  });
};

const STATUS: Readonly<Record<string, number>> = {
  'operation-unknown': 404,
  'operation-invalid': 400,
  'update-unknown': 404,
  'software-unknown': 404,
  'device-unknown': 404,
};
