import { beforeEach, expect, test } from '@jest/globals';
import { Days, Instant, type NodeIdentity, systemClock } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  type Authority,
  clientTlsOptions,
  type EnrolledNode,
  openAuthority,
  secureContext,
  serverTlsOptions,
} from '@postern/pki';
import { handshake } from './support/handshake.ts';
import { enrol, makeAuthority, temporaryDirectory } from './support/world.ts';

const SITE: NodeIdentity = { role: 'intermediary', name: 'site-a' };
const PRINTER: NodeIdentity = { role: 'device', name: 'printer-1' };

let authority: Authority;
let site: EnrolledNode;
let printer: EnrolledNode;

beforeEach(async () => {
  authority = await makeAuthority();
  site = await enrol(authority, SITE);
  printer = await enrol(authority, PRINTER);
});

const required = { clientAuthentication: 'required' } as const;

/** @spec A1 */
test.each([PRINTER, { role: 'device' }] as const)(
  'both ends prove who they are to a client that expects %j',
  async (expected) => {
    const result = await handshake(
      serverTlsOptions(printer, required),
      clientTlsOptions(site, { expect: expected }),
    );
    expect(result).toEqual({ client: { met: PRINTER }, server: { met: SITE } });
  },
);

/** @spec A1 */
test.each([
  { role: 'device', name: 'printer-2' },
  { role: 'server', name: 'printer-1' },
  { role: 'server' },
] as const)('a client that expects %j turns the printer away', async (expected) => {
  const { client } = await handshake(
    serverTlsOptions(printer, required),
    clientTlsOptions(site, { expect: expected }),
  );
  expect(client).toEqual({ refused: 'identity-unexpected' });
});

/** @spec A1 */
test('a server of another CA is turned away', async () => {
  const stranger = await enrol(await makeAuthority(), PRINTER);
  const { client } = await handshake(
    serverTlsOptions(stranger, required),
    clientTlsOptions(site, { expect: PRINTER }),
  );
  expect(client).toEqual({
    refused: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED|CERT_SIGNATURE_FAILURE/),
  });
});

/** @spec A1 */
test('a client of another CA is turned away', async () => {
  const other = await enrol(await makeAuthority(), SITE);
  const stranger = { ...other, caPem: authority.certificatePem };
  const { server } = await handshake(
    serverTlsOptions(printer, required),
    clientTlsOptions(stranger, { expect: PRINTER }),
  );
  expect(server).toEqual({
    refused: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED|CERT_SIGNATURE_FAILURE/),
  });
});

/** @spec A1 */
test('a client without certificate is turned away where one is required, and else nameless', async () => {
  const anonymous = clientTlsOptions({ caPem: site.caPem }, { expect: PRINTER });
  const refused = await handshake(serverTlsOptions(printer, required), anonymous);
  expect(refused.server).toEqual({ refused: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  const admitted = await handshake(serverTlsOptions(printer, { clientAuthentication: 'none' }), anonymous);
  expect(admitted).toEqual({ client: { met: PRINTER }, server: { met: undefined } });
});

/** @spec A2 */
test('where a certificate is only asked for, whoever has a good one is known by name, all others come in nameless', async () => {
  const lost = await enrol(authority, { role: 'device', name: 'lost' });
  await authority.revoke(lost.serial);
  const crlPem = await authority.crlPem();
  const asking = serverTlsOptions(site, { clientAuthentication: 'requested', crlPem });
  const stranger = { ...(await enrol(await makeAuthority(), PRINTER)), caPem: authority.certificatePem };
  const meet = async (client: EnrolledNode | { caPem: string }) =>
    (await handshake(asking, clientTlsOptions(client, { expect: SITE }))).server;
  expect(await meet(printer)).toEqual({ met: PRINTER });
  for (const nobody of [{ caPem: site.caPem }, stranger, lost]) {
    expect(await meet(nobody)).toEqual({ met: undefined });
  }
});

/** @spec A2 A3 */
test('a client that asks for no proof takes any server, and knows no name for it', async () => {
  const stranger = await enrol(await makeAuthority(), PRINTER);
  const { client } = await handshake(
    serverTlsOptions({ ...stranger, caPem: authority.certificatePem }, required),
    clientTlsOptions(site, { expect: 'unauthenticated' }),
  );
  expect(client).toEqual({ met: undefined });
});

/** @spec A1 */
test('expired certificates are turned away by both ends', async () => {
  const past = new VirtualClock(Instant(systemClock.now() - Days(200)));
  const old = await openAuthority({
    directory: await temporaryDirectory(),
    clock: past,
    entropy: seededEntropy('old'),
  });
  const oldPrinter = await enrol(old, PRINTER, past);
  const oldSite = await enrol(old, SITE, past);
  const { client } = await handshake(
    serverTlsOptions(oldPrinter, required),
    clientTlsOptions(oldSite, { expect: PRINTER }),
  );
  expect(client).toEqual({ refused: 'CERT_HAS_EXPIRED' });
  const { server } = await handshake(
    serverTlsOptions(oldPrinter, required),
    clientTlsOptions(oldSite, { expect: 'unauthenticated' }),
  );
  expect(server).toEqual({ refused: 'CERT_HAS_EXPIRED' });
});

/** @spec A1 */
test('revoked certificates are turned away by both ends, others pass', async () => {
  const lost = await enrol(authority, { role: 'intermediary', name: 'lost' });
  const lostPrinter = await enrol(authority, { role: 'device', name: 'lost' });
  await authority.revoke(lost.serial);
  await authority.revoke(lostPrinter.serial);
  const crlPem = await authority.crlPem();
  const expected = { role: 'device' } as const;
  const current = serverTlsOptions(printer, { ...required, crlPem });

  const revokedClient = await handshake(current, clientTlsOptions(lost, { expect: expected }));
  expect(revokedClient.server).toEqual({ refused: 'CERT_REVOKED' });
  const revokedServer = await handshake(
    serverTlsOptions(lostPrinter, required),
    clientTlsOptions(site, { expect: expected, crlPem }),
  );
  expect(revokedServer.client).toEqual({ refused: 'CERT_REVOKED' });
  const good = await handshake(current, clientTlsOptions(site, { expect: expected, crlPem }));
  expect(good).toEqual({ client: { met: PRINTER }, server: { met: SITE } });
});

test('protocol versions before TLS 1.2 are refused', async () => {
  const { server } = await handshake(serverTlsOptions(printer, { clientAuthentication: 'none' }), {
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  expect(server).toEqual({ refused: expect.stringContaining('ERR_SSL_UNSUPPORTED_PROTOCOL') });
});

test('the connections of a node share one context until the revocation list changes', async () => {
  const crlPem = await authority.crlPem();
  expect(secureContext(site)).toBe(secureContext(site));
  expect(secureContext(site, crlPem)).toBe(secureContext(site, crlPem));
  expect(secureContext(site)).not.toBe(secureContext(site, crlPem));
});
