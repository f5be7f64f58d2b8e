import { type ConnectionOptions, TLSSocket } from 'node:tls';
import {
  type Duration,
  errorCode,
  errorMessage,
  PosternError,
  Seconds,
  throwIfCancelled,
} from '@postern/core';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { ClientCode } from '../errors.ts';
import type { SoapTransport } from './transport.ts';

export interface HttpTransportOptions {
  /** Where the service is, e.g. `https://host:8443/uplink`. */
  readonly url: string;
  /** Client certificate, trusted authorities and identity check, for https. */
  readonly tls?: ConnectionOptions | RenewedTls;
  /** Longest time to open a connection, TLS included; default 10 s. */
  readonly connectTimeout?: Duration;
  /** How long an idle connection is kept, unless the server says less; default 60 s. */
  readonly keepAlive?: Duration;
  /** Most connections at a time; calls beyond wait. Default 8. */
  readonly connections?: number;
  /** Bytes; default 16 MiB. */
  readonly responseLimit?: number;
}

/** TLS options that change while connections are kept. */
export interface RenewedTls {
  /** For the next connection; another object when no session of an earlier connection is to be resumed. */
  current(): ConnectionOptions;
  /** Told of each connection. */
  connected(socket: TLSSocket): void;
}

const DEFAULT_RESPONSE_LIMIT = 16 * 1024 * 1024;

/** SOAP over HTTP(S) with connections that are kept. How long an answer may take is the caller's business. */
export const createHttpTransport = (options: HttpTransportOptions): SoapTransport => {
  const { origin, pathname, search } = new URL(options.url);
  const limit = options.responseLimit ?? DEFAULT_RESPONSE_LIMIT;
  const pool = new Pool(origin, {
    connections: options.connections ?? 8,
    keepAliveTimeout: options.keepAlive ?? Seconds(60),
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connectorOf(options.tls, options.connectTimeout ?? Seconds(10)),
  } as Pool.Options);
  const path = pathname + search;
  return {
    send: async ({ headers, body, signal }) => {
      try {
        const answer = await pool.request({ path, method: 'POST', headers, body, signal });
        const contentType = answer.headers['content-type'];
        return {
          status: answer.statusCode,
          contentType: Array.isArray(contentType) ? contentType[0] : contentType,
          body: await readBody(answer, limit),
        };
      } catch (error) {
        throwIfCancelled(signal);
        throw transportError(error, origin);
      }
    },
    close: () => pool.destroy(),
  };
};

/**
 * How undici opens connections, for its `connect` option.
 *
 * @param timeout of opening one, TLS included
 */
export const connectorOf = (
  tls: ConnectionOptions | RenewedTls | undefined,
  timeout: Duration,
): buildConnector.connector => {
  if (tls === undefined || !('current' in tls)) return connectorWith(tls, timeout);
  let held: { readonly options: ConnectionOptions; readonly connect: buildConnector.connector } | undefined;
  return (target, callback) => {
    const options = tls.current();
    // A connector remembers sessions: another one for other options.
    if (held?.options !== options) held = { options, connect: connectorWith(options, timeout) };
    held.connect(target, (...[error, socket]) => {
      if (socket instanceof TLSSocket) tls.connected(socket);
      if (error === null) callback(null, socket);
      else callback(error, null);
    });
  };
};

const connectorWith = (tls: ConnectionOptions | undefined, timeout: Duration): buildConnector.connector =>
  buildConnector({ ...tls, timeout } as buildConnector.BuildOptions);

const readBody = async ({ body }: Dispatcher.ResponseData, limit: number): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) {
      throw new PosternError<ClientCode>('response-too-large', `The answer is longer than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
};

const UNREACHABLE =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ENOTFOUND|EAI_\w+|ETIMEDOUT|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$/;

/** OpenSSL's and Node's codes for what goes wrong with certificates and handshakes, and pki's identity check. */
const TLS_REFUSED =
  /^(ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|CERT_\w+|CRL_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+|INVALID_\w+|HOSTNAME_MISMATCH|identity-\w+)$/;

const MAY_REPEAT = 'The call may have taken effect; repeat it if that does no harm.';

const transportError = (error: unknown, origin: string): PosternError => {
  const code = errorCode(error, '');
  if (code === ('response-too-large' satisfies ClientCode)) return error as PosternError;
  const reason = errorMessage(error);
  const make = (ours: ClientCode, what: string, hint: string): PosternError =>
    new PosternError(ours, `${what} ${origin}: ${reason}`, { cause: error, hint });
  if (UNREACHABLE.test(code)) {
    return make('unreachable', 'Cannot reach', 'Check that the service runs and that the address is right.');
  }
  if (TLS_REFUSED.test(code)) {
    return make(
      'tls-refused',
      'No trust between us and',
      'Check certificates, authorities and names on both sides.',
    );
  }
  return make(
    'connection-lost',
    'Lost the connection to',
    origin.startsWith('https:')
      ? `${MAY_REPEAT} If it never works, see whether the other side refuses our certificate: its log says so.`
      : MAY_REPEAT,
  );
};
