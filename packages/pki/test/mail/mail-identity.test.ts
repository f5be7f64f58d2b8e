import { copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '@postern/core';
import {
  type Authority,
  clientTlsOptions,
  type EnrolledNode,
  ensureMailIdentity,
  ensureNodeIdentity,
  openMailIdentity,
  openNodeIdentity,
  serverTlsOptions,
} from '@postern/pki';
import { handshake } from '../support/handshake.ts';
import { SERVER, SITE } from '../support/mail.ts';
import { enrol, keptDirectory, makeAuthority } from '../support/world.ts';

const clock = systemClock;
let authority: Authority;
let bundle: string;
/** The site's mail certificate and key, where a careless or hostile hand has put them in the place of its TLS identity. */
let mailAsTls: EnrolledNode;

beforeAll(async () => {
  authority = await makeAuthority(clock);
  bundle = await keptDirectory();
  await ensureNodeIdentity({ directory: bundle, identity: SITE, authority, clock });
  await ensureMailIdentity({ directory: bundle, identity: SITE, authority, clock });
  const misused = await keptDirectory();
  await copyFile(join(bundle, 'ca.pem'), join(misused, 'ca.pem'));
  await copyFile(join(bundle, 'mail.pem'), join(misused, 'node.pem'));
  await copyFile(join(bundle, 'mail.key'), join(misused, 'node.key'));
  mailAsTls = await openNodeIdentity({ directory: misused, clock });
});

/** @spec R9 */
test('the mail identity stands beside the TLS identity, its key for its owner only', async () => {
  expect((await readdir(bundle)).sort()).toEqual(['ca.pem', 'mail.key', 'mail.pem', 'node.key', 'node.pem']);
  expect((await stat(join(bundle, 'mail.key'))).mode & 0o777).toBe(0o600);
  const mail = await openMailIdentity({ directory: bundle, clock });
  const node = await openNodeIdentity({ directory: bundle, clock });
  expect(mail.identity).toEqual(SITE);
  expect(mail.privateKey.asymmetricKeyDetails?.modulusLength).toBe(3_072);
  expect(mail.serial).not.toBe(node.serial);
  const again = await ensureMailIdentity({ directory: bundle, identity: SITE, authority, clock });
  expect(again.serial).toBe(mail.serial);
});

/** @spec R9 A1 */
test('a mail certificate is no TLS identity, at neither end', async () => {
  const server = await enrol(authority, SERVER);
  const asClient = await handshake(
    serverTlsOptions(server, { clientAuthentication: 'required' }),
    clientTlsOptions(mailAsTls, { expect: SERVER }),
  );
  expect(asClient.server).toEqual({ refused: 'INVALID_PURPOSE' });
  const merelyAsked = await handshake(
    serverTlsOptions(server, { clientAuthentication: 'requested' }),
    clientTlsOptions(mailAsTls, { expect: SERVER }),
  );
  expect(merelyAsked.server).toEqual({ met: undefined });
  const asServer = await handshake(
    serverTlsOptions(mailAsTls, { clientAuthentication: 'none' }),
    clientTlsOptions(server, { expect: SITE }),
  );
  expect(asServer.client).toEqual({ refused: 'INVALID_PURPOSE' });
});

/** @spec R9 */
test('a TLS identity is no mail identity', async () => {
  const directory = await keptDirectory();
  await copyFile(join(bundle, 'ca.pem'), join(directory, 'ca.pem'));
  await copyFile(join(bundle, 'node.pem'), join(directory, 'mail.pem'));
  await copyFile(join(bundle, 'node.key'), join(directory, 'mail.key'));
  await expect(openMailIdentity({ directory, clock })).rejects.toMatchObject({ code: 'identity-damaged' });
});

/** @spec R9 */
test.each([
  ['nothing', undefined, 'identity-missing'],
  ['a key that others can read', 0o640, 'key-too-open'],
])('%s is refused', async (_, mode, code) => {
  const directory = await keptDirectory();
  if (mode !== undefined) {
    for (const file of ['ca.pem', 'mail.pem']) await copyFile(join(bundle, file), join(directory, file));
    await writeFile(join(directory, 'mail.key'), 'secret', { mode });
  }
  await expect(openMailIdentity({ directory, clock })).rejects.toMatchObject({ code });
});
