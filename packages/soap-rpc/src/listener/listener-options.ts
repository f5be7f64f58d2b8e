import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions, Server as TlsServer } from 'node:tls';
import type { Clock, Logger, NodeIdentity } from '@postern/core';
import type { SoapService } from '../service/service-types.ts';
import type { ListenerLimits } from './limits.ts';

/** Answers requests that are no SOAP, e.g. image downloads. Runs under the listener's header limits only. */
export type HttpRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  context: { readonly peer: NodeIdentity | undefined },
) => void;

/** Why a caller is turned away before its message is read. */
export interface CallRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Further ones: name, value, name, value … */
  readonly headers?: readonly string[];
}

/** Services and what surrounds them, whoever owns the server. */
export interface SoapEndpointOptions {
  /** Services by exact path, e.g. `/uplink`. */
  readonly services: Readonly<Record<string, SoapService>>;
  /** Other handlers by path prefix, e.g. `/images/`. */
  readonly routes?: Readonly<Record<string, HttpRoute>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<ListenerLimits>;
  /**
   * Who the peer of a connection proved to be; asked once for each connection.
   *
   * @throws PosternError when the peer's certificate names nobody; its requests are answered with 403
   */
  readonly peerIdentity?: (socket: Socket) => NodeIdentity | undefined;
  /**
   * Asked for each message, before its body is read. Contract pages are shown to everybody.
   *
   * @returns why the caller is turned away; undefined where it may call
   */
  readonly admit?: (
    request: IncomingMessage,
    caller: { readonly peer: NodeIdentity | undefined; readonly remoteAddress: string },
  ) => CallRefusal | undefined;
}

export interface SoapListenerOptions extends SoapEndpointOptions {
  /** Server certificate and client authorities; absent: plain HTTP. */
  readonly tls?: TlsOptions;
  /** Called with the HTTPS server before it listens, e.g. to renew its certificates and lists later. */
  readonly onTlsServer?: (server: TlsServer) => void;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}
