import type { ConnectionOptions, Server, TLSSocket, TlsOptions } from 'node:tls';
import type { EnrolledNode, TrustAnchor } from '../enrolled-node.ts';
import {
  type ClientTlsSettings,
  clientTlsOptions,
  type ServerTlsSettings,
  serverTlsOptions,
} from '../tls/tls-options.ts';
import type { RevocationList } from './revocation-list.ts';

/**
 * Ends a connection once its peer has been revoked. A connection whose peer is not known (it has shown no certificate,
 * or a session was resumed at the client's end) goes with the next list: who comes again is seen again.
 */
export const guardConnection = (list: RevocationList, socket: TLSSocket): void => {
  const serial = serialOf(socket);
  if (serial !== undefined && list.isRevoked(serial)) {
    socket.destroy();
    return;
  }
  const stop = list.onChange(() => {
    if (serial === undefined || list.isRevoked(serial)) socket.destroy();
  });
  socket.once('close', stop);
};

const serialOf = (socket: TLSSocket): string | undefined => {
  const { serialNumber } = socket.getPeerCertificate() ?? {};
  return serialNumber === '' ? undefined : serialNumber;
};

/** TLS of a listener: what it begins with, and what is done to it. */
export interface GuardedListener {
  readonly tls: TlsOptions;
  /** To be called with the server before it listens. */
  readonly onTlsServer: (server: Server) => void;
}

/**
 * TLS of a listener that refuses who was revoked: in new handshakes, in resumed sessions and in the middle of a
 * connection.
 *
 * @param list absent: nobody is ever revoked
 * @spec A1 A2
 */
export const guardedListener = (
  node: EnrolledNode,
  settings: Omit<ServerTlsSettings, 'crlPem'>,
  list: RevocationList | undefined,
): GuardedListener => {
  const options = (): TlsOptions =>
    serverTlsOptions(node, { ...settings, ...(list === undefined ? {} : { crlPem: list.crlPem }) });
  return {
    tls: options(),
    onTlsServer: (server) => {
      if (list === undefined) return;
      const stop = list.onChange(() => server.setSecureContext(options()));
      server.once('close', stop);
      server.on('secureConnection', (socket) => guardConnection(list, socket));
    },
  };
};

/** TLS of connections that are opened again and again, and kept. */
export interface GuardedClient {
  /** For the next connection; another object whenever sessions of earlier connections are of no use any more. */
  current(): ConnectionOptions;
  /** To be called with each connection. */
  connected(socket: TLSSocket): void;
}

/**
 * TLS of outgoing connections that refuse a peer that was revoked.
 *
 * @param list absent: nobody is ever revoked
 * @spec A1 A3
 */
export const guardedClient = (
  node: EnrolledNode | TrustAnchor,
  { expect }: Omit<ClientTlsSettings, 'crlPem'>,
  list: RevocationList | undefined,
): GuardedClient => {
  let held: { readonly crlPem: string | undefined; readonly options: ConnectionOptions } | undefined;
  return {
    current: () => {
      const crlPem = list?.crlPem;
      if (held === undefined || held.crlPem !== crlPem) {
        const settings = crlPem === undefined ? { expect } : { expect, crlPem };
        held = { crlPem, options: clientTlsOptions(node, settings) };
      }
      return held.options;
    },
    connected: (socket) => {
      if (list !== undefined) guardConnection(list, socket);
    },
  };
};
