import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
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
