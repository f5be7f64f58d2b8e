import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, errorCode, errorMessage, type NodeIdentity, PosternError } from '@postern/core';
import { parseContentType } from '../envelope/soap-version.ts';
import type { InternalCode, ServiceCode } from '../errors.ts';
import { faultResponse } from '../service/faults.ts';
import type { SoapService } from '../service/service-types.ts';
import { contractPage, isHost } from './contract-pages.ts';
import { Deadlines } from './deadlines.ts';
import { refusalAnswer, send } from './http-answers.ts';
import { HttpCall } from './http-call.ts';
import type { ListenerLimits } from './limits.ts';
import type { CallRefusal, SoapEndpointOptions } from './listener-options.ts';
import { checkAnnouncedBody, readBody } from './read-body.ts';

/** What is known about a connection. */
interface Connection {
  readonly remoteAddress: string;
  readonly identity: { readonly peer: NodeIdentity | undefined } | { readonly error: unknown };
  /** Requests that wait for their answer. */
  waiting: number;
}

export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly expectsContinue: boolean },
) => void;

/** The way of one HTTP request to its service and of the answer back. */
export const createRequestHandler = (
  options: SoapEndpointOptions,
  limits: ListenerLimits,
  closing: AbortSignal,
): Handle => {
  const connections = new WeakMap<Socket, Connection>();
  const bodyDeadlines = new Deadlines(options.clock, limits.bodyTimeout);
  const services = new Map(Object.entries(options.services));
  const routes = Object.entries(options.routes ?? {});

  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    const remoteAddress = socket.remoteAddress ?? 'unknown';
    const connection = { remoteAddress, identity: identify(options, socket), waiting: 0 };
    connections.set(socket, connection);
    return connection;
  };

  const answerSoap = async (
    service: SoapService,
    caller: Pick<HttpCall, 'peer' | 'remoteAddress'>,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): Promise<void> => {
    const { headers } = request;
    if (parseContentType(headers['content-type']) === undefined) {
      throw refuse('content-type-unsupported', 'Send text/xml or application/soap+xml in UTF-8');
    }
    checkAnnouncedBody(request, limits);
    if (expectsContinue) response.writeContinue();
    const { peer, remoteAddress } = caller;
    const contentType = headers['content-type'];
    const soapAction = single(headers['soapaction']);
    const body = await readBody(request, limits, bodyDeadlines);
    const call = new HttpCall({ contentType, soapAction, body, peer, remoteAddress }, closing);
    response.on('close', () => call.end(response.writableFinished));
    send(response, await service.handle(call), closing.aborted ? ['connection', 'close'] : []);
  };

  const dispatch = async (
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
    connection: Connection,
  ): Promise<void> => {
    if ('error' in connection.identity) {
      throw refuse(
        'not-authorised',
        `The peer's identity is not accepted: ${errorMessage(connection.identity.error)}`,
      );
    }
    const { peer } = connection.identity;
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
    const route = routes.find(([prefix]) => path.startsWith(prefix));
    if (route !== undefined) {
      if (expectsContinue) response.writeContinue();
      route[1](request, response, { peer });
      return;
    }
    const service = services.get(path);
    if (service === undefined) throw refuse('not-found', 'No service has this path');
    if (request.method === 'GET' && query !== '') {
      showContract(service, request, response, {
        path,
        query,
        scheme: 'encrypted' in request.socket ? 'https' : 'http',
      });
      return;
    }
    if (request.method !== 'POST') throw refuse('method-not-allowed', 'SOAP is spoken with POST');
    const { remoteAddress } = connection;
    const refused = options.admit?.(request, { peer, remoteAddress });
    if (refused !== undefined) {
      sendRefusal(request, response, refused);
      if (!request.complete) drain(request, limits, options.clock);
      return;
    }
    await answerSoap(service, { peer, remoteAddress }, request, response, expectsContinue);
  };

  return (request, response, { expectsContinue }) => {
    const connection = connectionOf(request.socket);
    connection.waiting++;
    response.on('close', () => connection.waiting--);
    if (connection.waiting > limits.requestsPerConnection) {
      // Answers go out in order, so this one could only wait behind those that are held.
      options.logger.warn('Too many requests wait on one connection; it is cut', {
        remoteAddress: connection.remoteAddress,
      });
      request.socket.destroy();
      return;
    }
    dispatch(request, response, expectsContinue, connection).catch((error) => {
      const code = errorCode(error, 'internal-error' satisfies ServiceCode);
      if (code === ('request-aborted' satisfies InternalCode)) return;
      options.logger.warn('A request was refused', { code, remoteAddress: connection.remoteAddress });
      refuseWith(request, response, error);
      if (!request.complete) drain(request, limits, options.clock);
    });
  };
};

const identify = (options: SoapEndpointOptions, socket: Socket): Connection['identity'] => {
  try {
    return { peer: options.peerIdentity?.(socket) };
  } catch (error) {
    return { error };
  }
};

/** Answers with a refusal. */
const refuseWith = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  const code = errorCode(error, '');
  send(response, refusalAnswer(request, error), [
    ...(code === 'method-not-allowed' ? ['allow', 'POST'] : []),
    ...(code === 'content-encoding-unsupported' ? ['accept-encoding', 'gzip, deflate'] : []),
    ...(code === 'request-timeout' ? ['connection', 'close'] : []),
  ]);
};

const sendRefusal = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, hint, headers }: CallRefusal,
): void => {
  const version = parseContentType(request.headers['content-type'])?.version ?? '1.1';
  send(response, faultResponse(version, { kind: 'client', code, message, hint }, status), headers);
};

/**
 * Reads and drops what is still coming, so that the client sees the answer and not a reset, and the connection stays
 * in order; beyond two body lengths or one more body time it is cut.
 */
const drain = (request: IncomingMessage, limits: ListenerLimits, clock: Clock): void => {
  let length = 0;
  const timer = clock.schedule(limits.bodyTimeout, () => request.destroy(), { background: true });
  request.once('close', () => timer.cancel());
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > 2 * limits.bodyBytes) request.destroy();
  });
  request.resume();
};

const showContract = (
  service: SoapService,
  request: IncomingMessage,
  response: ServerResponse,
  at: { readonly path: string; readonly query: string; readonly scheme: string },
): void => {
  const { host } = request.headers;
  if (!isHost(host)) throw refuse('host-invalid', 'The Host header is no host name');
  const page = contractPage(service.file, at.query, `${at.scheme}://${host}${at.path}`);
  if (page === undefined) throw refuse('not-found', 'No contract file has this name');
  send(response, { status: 200, contentType: 'text/xml; charset=utf-8', body: page });
};

const refuse = (code: ServiceCode, message: string): PosternError<ServiceCode> =>
  new PosternError(code, message);

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

const splitOnce = (text: string, separator: string): readonly [string, string] => {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
};
