import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { type Clock, errorCode, PosternError } from '@postern/core';
import type { ListenerCode } from '../errors.ts';
import { defaultListenerLimits, type ListenerLimits } from './limits.ts';
import type { SoapListenerOptions } from './listener-options.ts';
import { createRequestHandler } from './request-handler.ts';

/** Services being offered at one address. */
export interface SoapListener {
  /** The port that is listened on. */
  readonly port: number;
  /** Takes no more requests, aborts those that are held, waits for answers on their way, closes. Idempotent. */
  close(): Promise<void>;
  /** Open connections. */
  connections(): number;
}

/** How often Node looks for connections whose headers are late: a fraction of the limit itself. */
const CHECKS_PER_LIMIT = 4;

/**
 * Offers services over HTTP or HTTPS.
 *
 * @throws PosternError `listen-failed` when the address cannot be had
 */
export const createSoapListener = async (options: SoapListenerOptions): Promise<SoapListener> => {
  const limits = { ...defaultListenerLimits, ...options.limits };
  const closing = new AbortController();
  const server = createHttpServer(options, limits);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error: Error, { authorizationError, remoteAddress }: TLSSocket) => {
    const code = errorCode(authorizationError ?? error, String(authorizationError ?? error.name));
    options.logger.warn('A TLS connection was refused', { code, remoteAddress });
  });
  const handle = createRequestHandler(options, limits, closing.signal);
  server.on('request', (request, response) => handle(request, response, { expectsContinue: false }));
  server.on('checkContinue', (request, response) => handle(request, response, { expectsContinue: true }));
  await listen(server, options);
  // E.g. too many open files: those who are connected are still served.
  server.on('error', (error) =>
    options.logger.error('The listener has a problem', { code: errorCode(error, error.name) }),
  );
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    port,
    connections: () => sockets.size,
    close: () => {
      closed ??= close(server, closing, options.clock, limits);
      return closed;
    },
  };
};

const createHttpServer = ({ tls, onTlsServer }: SoapListenerOptions, limits: ListenerLimits): Server => {
  const http = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    // Bodies are timed by request: an upload route may take longer than any SOAP body.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleTimeout,
    connectionsCheckingInterval: Math.max(1, Math.floor(limits.headersTimeout / CHECKS_PER_LIMIT)),
    noDelay: true,
  };
  const server = tls === undefined ? createServer(http) : createHttpsServer(tls, http, limits, onTlsServer);
  server.maxConnections = limits.connections;
  return server;
};

const createHttpsServer = (
  tls: TlsOptions,
  http: ServerOptions,
  limits: ListenerLimits,
  onTlsServer: SoapListenerOptions['onTlsServer'],
): Server => {
  const server = createTlsServer({ handshakeTimeout: limits.headersTimeout, ...tls, ...http });
  onTlsServer?.(server);
  return server;
};

const listen = (server: Server, { host, port }: SoapListenerOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const hint = 'Choose another port, or end what uses this one.';
      const message = `Cannot listen on ${host}:${port}`;
      reject(new PosternError<ListenerCode>('listen-failed', message, { cause, hint }));
    });
    server.listen({ host, port, backlog: 511 }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });

const close = async (
  server: Server,
  closing: AbortController,
  clock: Clock,
  limits: ListenerLimits,
): Promise<void> => {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.abort(new PosternError('cancelled', 'The listener closes'));
  server.closeIdleConnections();
  const timer = clock.schedule(limits.closeTimeout, () => server.closeAllConnections());
  await ended;
  timer.cancel();
};
