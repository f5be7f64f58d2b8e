import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { clientTlsOptions, peerIdentity, refusalReason, serverTlsOptions } from '@postern/pki';
import { enrol, makeAuthority } from './support/world.ts';

let onTestEnd: () => void = () => {};
afterEach(() => onTestEnd());

/** @spec A1 */
test('a resumed session keeps the identity of the client until a new revocation list ends it', async () => {
  const authority = await makeAuthority();
  const site = await enrol(authority, { role: 'intermediary', name: 'site-a' });
  const printer = await enrol(authority, { role: 'device', name: 'printer-1' });
  const server = createServer(serverTlsOptions(printer, { clientAuthentication: 'required' }));
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify([socket.isSessionReused(), peerIdentity(socket)?.name]));
  });
  onTestEnd = () => {
    server.close();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { ...clientTlsOptions(site, { expect: printer.identity }), host: '127.0.0.1', port };

  const first = connect(options);
  const [session] = (await once(first, 'session')) as [Buffer];
  first.resume();
  await once(first, 'close');
  const resumed = connect({ ...options, session });
  const [answer] = await once(resumed, 'data');
  expect(JSON.parse(String(answer))).toEqual([true, 'site-a']);

  await authority.revoke(site.serial);
  const crlPem = await authority.crlPem();
  server.setSecureContext(serverTlsOptions(printer, { clientAuthentication: 'required', crlPem }));
  const refused = once(server, 'tlsClientError');
  const revoked = connect({ ...options, session });
  revoked.on('error', () => {});
  const [error, socket] = (await refused) as [Error, TLSSocket];
  expect(refusalReason(error, socket)).toBe('CERT_REVOKED');
  for (const client of [resumed, revoked]) client.destroy();
});

/** A server that asks for certificates and tells each client whether its session was resumed, and who it is. */
const listenToAll = async (options: TlsOptions): Promise<{ server: Server; port: number }> => {
  const server = createServer(options);
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify([socket.isSessionReused(), peerIdentity(socket)?.name ?? 'nobody']));
  });
  onTestEnd = () => {
    server.close();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
};

/** What the server tells, and the session to come back with. */
const visit = async (options: ConnectionOptions): Promise<{ told: unknown; session: Buffer }> => {
  const client = connect(options);
  client.on('error', () => {});
  const sessions: Buffer[] = [];
  client.on('session', (session) => sessions.push(session));
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk as Buffer);
  const [session = Buffer.alloc(0)] = sessions;
  return { told: JSON.parse(Buffer.concat(chunks).toString()), session };
};

/** @spec A2 */
test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'where certificates are only asked for, a resumed session proves what the first one did: %s',
  async (version) => {
    const authority = await makeAuthority();
    const site = await enrol(authority, { role: 'intermediary', name: 'site-a' });
    const printer = await enrol(authority, { role: 'device', name: 'printer-1' });
    const foreign = await enrol(await makeAuthority(), { role: 'device', name: 'printer-1' });
    const { server, port } = await listenToAll(serverTlsOptions(site, { clientAuthentication: 'requested' }));
    const at = { host: '127.0.0.1', port, minVersion: version, maxVersion: version } as const;
    const trust = { expect: site.identity };
    const cases = [
      [clientTlsOptions(printer, trust), 'printer-1'],
      [clientTlsOptions({ caPem: site.caPem }, trust), 'nobody'],
      [clientTlsOptions({ ...foreign, caPem: site.caPem }, trust), 'nobody'],
    ] as const;
    const sessions: Buffer[] = [];
    for (const [options, name] of cases) {
      const first = await visit({ ...options, ...at });
      expect(first.told).toEqual([false, name]);
      const second = await visit({ ...options, ...at, session: first.session });
      expect(second.told).toEqual([true, name]);
      sessions.push(first.session);
    }

    await authority.revoke(printer.serial);
    const crlPem = await authority.crlPem();
    server.setSecureContext(serverTlsOptions(site, { clientAuthentication: 'requested', crlPem }));
    const [ofPrinter = Buffer.alloc(0)] = sessions;
    const revoked = await visit({ ...cases[0][0], ...at, session: ofPrinter });
    expect(revoked.told).toEqual([false, 'nobody']);
  },
);
