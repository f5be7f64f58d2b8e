import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '@postern/core';
import { type MailIdentity, openMail } from '@postern/pki';
import { type MailWorld, mailWorld, SERVER, sealed, TEXT } from '../support/mail.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-openssl-'));
const file = (name: string): string => join(folder, name);

let world: MailWorld;

/** OpenSSL judges validity by the machine's clock: so does this world. */
beforeAll(async () => {
  world = await mailWorld(systemClock);
  writeFileSync(file('ca.pem'), world.authority.certificatePem);
  for (const [name, identity] of Object.entries({ server: world.server, site: world.site }))
    write(name, identity);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, { certificate, privateKey }: MailIdentity): void => {
  writeFileSync(file(`${name}.pem`), certificate.toString());
  writeFileSync(file(`${name}.key`), privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
};

/** A missing program fails the test: what was not tried must not look as if it had worked. */
const openssl = (args: readonly string[], input: Uint8Array): Buffer => {
  const { status, stdout, stderr, error } = spawnSync('openssl', ['cms', ...args], {
    input,
    timeout: 30_000,
  });
  if (error !== undefined) throw new Error('openssl is missing: apt-get install openssl', { cause: error });
  if (status !== 0) throw new Error(String(stderr));
  return stdout;
};

const decrypt = (mail: Uint8Array): Buffer =>
  openssl(['-decrypt', '-recip', file('site.pem'), '-inkey', file('site.key')], mail);

const verify = (signed: Uint8Array): Buffer =>
  openssl(['-verify', '-CAfile', file('ca.pem'), '-purpose', 'smimesign'], signed);

const sign = (text: string, ...more: readonly string[]): Buffer =>
  openssl(
    [
      '-sign',
      '-nodetach',
      '-noindef',
      '-md',
      'sha256',
      '-signer',
      file('server.pem'),
      '-inkey',
      file('server.key'),
      ...more,
    ],
    Buffer.from(text),
  );

const encrypt = (signed: Uint8Array, ...more: readonly string[]): Buffer => {
  const oaep = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];
  const crypt = ['-encrypt', '-noindef', '-aes-256-gcm', '-recip', file('site.pem')];
  return openssl([...crypt, ...(more.length > 0 ? more : oaep)], signed);
};

/** OpenSSL ends lines of headers and base64 as its platform does; on its way through SMTP they end with CR LF. */
const overSmtp = (text: Uint8Array): Buffer => Buffer.from(String(text).replace(/\r?\n/g, '\r\n'));

const open = (mail: Uint8Array) => openMail(mail, world.site, SERVER, world.trust);

/** @spec R9 */
test('OpenSSL decrypts what we encrypt, and verifies what we sign', () => {
  expect(String(verify(decrypt(sealed(world))))).toContain(TEXT);
});

/** @spec R9 */
test('OpenSSL notices that what we signed was altered', () => {
  const signed = decrypt(sealed(world));
  const at = signed.length - 300;
  signed.writeUInt8(signed.readUInt8(at) === 0x41 ? 0x42 : 0x41, at);
  expect(() => verify(signed)).toThrow();
});

const MESSAGE =
  'Content-Type: text/plain; charset=utf-8\r\nDate: Sat, 28 Nov 2026 02:12:38 +0000\r\n\r\nhello\r\n';

/** @spec R9 */
test('we decrypt what OpenSSL encrypts, and verify what it signs', () => {
  const { inside, signer } = open(overSmtp(encrypt(overSmtp(sign(MESSAGE)))));
  expect(signer).toEqual(SERVER);
  expect(String(Buffer.from(inside.body))).toBe('hello\r\n');
});

/** @spec R9 */
test.each([
  [
    'a second signer',
    () => encrypt(overSmtp(sign(MESSAGE, '-signer', file('site.pem'), '-inkey', file('site.key')))),
  ],
  ['no attributes', () => encrypt(overSmtp(sign(MESSAGE, '-noattr')))],
  ['no certificate', () => encrypt(overSmtp(sign(MESSAGE, '-nocerts')))],
  ['RSA with PKCS #1 padding', () => encrypt(overSmtp(sign(MESSAGE)), '-keyopt', 'rsa_padding_mode:pkcs1')],
  ['AES in CBC mode', () => encrypt(overSmtp(sign(MESSAGE)), '-aes-256-cbc')],
  ['a signature outside the encryption', () => sign(MESSAGE)],
])('a mail by OpenSSL with %s is refused', (_, mail) => {
  expect(() => open(overSmtp(mail()))).toThrow(expect.objectContaining({ code: 'mail-malformed' }));
});
