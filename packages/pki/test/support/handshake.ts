import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { errorCode, type NodeIdentity } from '@postern/core';
import { peerIdentity, refusalReason } from '@postern/pki';

/** What one end made of the other: whom it met, or why it refused or was refused. */
export type Outcome = { readonly met: NodeIdentity | undefined } | { readonly refused: string };

/** Both ends of one handshake over loopback. In TLS 1.3 a client may be content before the server refuses it. */
export const handshake = async (
  serverOptions: TlsOptions,
  clientOptions: ConnectionOptions,
): Promise<{ client: Outcome; server: Outcome }> => {
  const server = createServer(serverOptions);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted: TLSSocket[] = [];
  const atServer = new Promise<Outcome>((resolve) => {
    server.once('secureConnection', (socket) => {
      accepted.push(socket);
      socket.on('error', () => {});
      resolve({ met: peerIdentity(socket) });
    });
    server.once('tlsClientError', (error, socket) => resolve({ refused: refusalReason(error, socket) }));
  });
  const client = connect({ ...clientOptions, host: '127.0.0.1', port });
  const atClient = new Promise<Outcome>((resolve) => {
    client.once('secureConnect', () => resolve({ met: peerIdentity(client) }));
    client.on('error', (error) => resolve({ refused: errorCode(error, 'unknown') }));
  });
  const outcome = { client: await atClient, server: await atServer };
  for (const socket of [client, ...accepted]) socket.destroy();
  server.close();
  await once(server, 'close');
  return outcome;
};
