import type { AddressInfo } from 'node:net';
import type { TlsOptions, Server as TlsServer } from 'node:tls';
import { errorCode, type Logger, PosternError, Seconds } from '@postern/core';
import type { SoapEndpoint } from '@postern/soap-rpc';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { Stores } from '../../domain/ports.ts';
import { serverError } from '../../errors.ts';
import type { OperatorUseCases } from '../../use-cases/operator-use-cases.ts';
import type { OperatorAccess } from '../operator-access/operator-access.ts';
import { operatorRoutes } from '../operator-soap/operator-routes.ts';
import { problemOf } from '../problem.ts';
import { authenticate } from './authenticate.ts';
import type { EventStreams } from './event-streams.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { type ImageRoutesParts, imageRoutes } from './image-routes.ts';
import { type KeyRoutesParts, keyRoutes } from './key-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import type { NoticeStreams } from './notice-streams.ts';
import { PROTECTIVE_HEADERS } from './protective-headers.ts';
import { requestRoutes } from './request-routes.ts';
import { siteRoutes } from './site-routes.ts';
import { updateRoutes } from './update-routes.ts';

export interface RestServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls: TlsOptions;
  /** Called with the server before it listens. */
  readonly onTlsServer: (server: TlsServer) => void;
  readonly access: OperatorAccess;
  readonly logger: Logger;
  readonly connections: number;
  /** Longest JSON body, bytes. */
  readonly jsonBodyBytes: number;
  /** Of this server, for `health`. */
  readonly version: string;
  readonly images: ImageRoutesParts;
  readonly keys: KeyRoutesParts;
  readonly stores: Pick<Stores, 'audit'>;
  readonly useCases: OperatorUseCases;
  readonly updateStreams: EventStreams;
  readonly noticeStreams: NoticeStreams;
  /** The contract of back-office systems, on the same port. */
  readonly soap: Pick<SoapEndpoint, 'handle'>;
}

export interface RestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Silence on a connection, request or upload, after which it is cut. Heartbeats keep event streams alive. */
const IDLE_LIMIT = Seconds(60);
/** For TLS, and then for the headers of a request. */
const HANDSHAKE_LIMIT = Seconds(10);

/**
 * The operators' port: JSON over HTTPS under /api/v1 (docs/rest-api.md), and the contract of back-office systems
 * (docs/operator-contract.md). Everything but `health` and contract pages is for operators only.
 *
 * @throws PosternError `listen-failed`
 */
export const startRestServer = async (options: RestServerOptions): Promise<RestServer> => {
  const app = buildApp(options);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    await app.close();
    throw new PosternError('listen-failed', `Cannot listen on ${options.host}:${options.port}`, {
      cause,
      hint: 'Choose another port, or end what uses this one.',
    });
  }
  const { port } = app.server.address() as AddressInfo;
  return { port, close: () => app.close() };
};

const buildApp = (options: RestServerOptions) => {
  const { logger } = options;
  const app = fastify({
    https: { ...options.tls, handshakeTimeout: HANDSHAKE_LIMIT, headersTimeout: HANDSHAKE_LIMIT },
    logger: false,
    bodyLimit: options.jsonBodyBytes,
    connectionTimeout: IDLE_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    // Prototype names in JSON are refused, not dropped.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
  app.server.maxConnections = options.connections;
  options.onTlsServer(app.server);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _request, reply) => answerProblem(reply, toKnown(error), logger));
  app.setNotFoundHandler((_request, reply) =>
    answerProblem(reply, serverError('not-found', 'There is nothing at this path'), logger),
  );
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(PROTECTIVE_HEADERS);
  });
  app.register(named('api', api(options)), { prefix: '/api/v1' });
  app.register(named('operator-soap', operatorRoutes(options.soap)));
  return app;
};

const api = (options: RestServerOptions) => async (app: FastifyInstance) => {
  app.get('/health', async () => ({ status: 'ok', version: options.version }));
  app.register(named('secured', secured(options)));
};

/** What only operators may reach. */
const secured = (options: RestServerOptions) => async (app: FastifyInstance) => {
  app.addHook('onRequest', authenticate(options.access));
  const { devices, software, updates, intermediaries, requests, notices } = options.useCases;
  app.register(named('images', imageRoutes(options.images)));
  app.register(named('fleet', fleetRoutes({ stores: options.stores, devices, software })));
  app.register(named('updates', updateRoutes({ updates, streams: options.updateStreams })));
  app.register(named('keys', keyRoutes(options.keys)));
  app.register(named('sites', siteRoutes(intermediaries)));
  app.register(named('requests', requestRoutes(requests)));
  app.register(named('notices', noticeRoutes({ notices, streams: options.noticeStreams })));
};

/** Fastify looks through every module that was ever loaded for the name of a plugin without one. */
const named = <P extends object>(name: string, plugin: P): P =>
  Object.assign(plugin, { [Symbol.for('fastify.display-name')]: name });

const answerProblem = (reply: FastifyReply, error: unknown, logger: Logger) => {
  const { status, problem } = problemOf(error, logger);
  // The rest of a body that is too long is not waited for.
  if (status === 413) reply.header('connection', 'close');
  return reply.code(status).type('application/problem+json').send(problem);
};

/** Fastify's own refusals in our codes. */
const toKnown = (error: unknown): unknown => {
  const code = errorCode(error, '');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return serverError('body-too-large', 'The body is too long');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return serverError('content-type-unsupported', 'The content type is not the one of this path');
  }
  if (code.startsWith('FST_ERR_CTP_') || isSyntaxError(error)) {
    return serverError('json-malformed', 'The body is not JSON');
  }
  return isBadRequest(error) ? serverError('request-invalid', 'The request cannot be read') : error;
};

const isSyntaxError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'SyntaxError';

/** Fastify's errors bear their status. */
const isBadRequest = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 400;
