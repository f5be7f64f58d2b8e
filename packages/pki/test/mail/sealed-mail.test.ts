import { beforeAll, expect, test } from '@jest/globals';
import { after, Days, type Duration } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import { LONGEST_MAIL, openMail, sealMail } from '@postern/pki';
import forge from 'node-forge';
import { type Entity, readEntity, toBase64Lines, writeEntity } from '../../src/mail/entity.ts';
import { readEnvelopedData, writeEnvelopedData } from '../../src/mail/enveloped-data.ts';
import { writeSignedData } from '../../src/mail/signed-data.ts';
import { type MailWorld, mailWorld, SERVER, SITE, sealed, TEXT } from '../support/mail.ts';
import { makeAuthority } from '../support/world.ts';

let world: MailWorld;

beforeAll(async () => {
  world = await mailWorld();
});

const open = (mail: Uint8Array, recipient = world.site, trust = world.trust) =>
  openMail(mail, recipient, SERVER, trust);

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'taken';
};

const smime = (type: string, content: Uint8Array): Entity => ({
  fields: [
    ['Content-Type', `application/pkcs7-mime; smime-type=${type}`],
    ['Content-Transfer-Encoding', 'base64'],
  ],
  body: toBase64Lines(content),
});

/** A mail of whatever shall be inside the encryption. */
const encrypted = (content: Uint8Array): Buffer =>
  writeEntity(
    smime('authEnveloped-data', writeEnvelopedData(content, world.site.certificate, seededEntropy('e'))),
  );

/** A mail with SignedData that was changed after it had been made. */
const resigned = (change: (signedData: forge.asn1.Asn1[]) => void): Buffer => {
  const made = writeSignedData(
    Buffer.from('Content-Type: text/plain\r\n\r\nhello'),
    world.server,
    world.clock.now(),
  );
  const tree = forge.asn1.fromDer(made.toString('latin1'));
  change(path(tree, 1, 0).value as forge.asn1.Asn1[]);
  return encrypted(
    writeEntity(smime('signed-data', Buffer.from(forge.asn1.toDer(tree).getBytes(), 'latin1'))),
  );
};

const path = (node: forge.asn1.Asn1, ...indices: number[]): forge.asn1.Asn1 =>
  indices.reduce((at, index) => (at.value as forge.asn1.Asn1[])[index] as forge.asn1.Asn1, node);

/** @spec R9 */
test('what was signed and encrypted comes out as it went in, and shows outside nothing of it', () => {
  const mail = sealed(world);
  const { inside, signer } = open(mail);
  expect(signer).toEqual(SERVER);
  expect(Buffer.from(inside.body).toString()).toBe(TEXT);
  expect(inside.fields).toContainEqual(['Date', 'Sat, 28 Nov 2026 02:12:38 +0000']);
  const text = mail.toString('latin1');
  expect(text).not.toContain('Nov 2026');
  expect(text.split('\r\n').every((line) => line.length <= 78)).toBe(true);
});

/** @spec R9 */
test('what mail servers put before a mail, and a change of what is outside, makes no difference', () => {
  const added = 'Received: from relay (192.0.2.1)\r\n\tby site; Sat, 28 Nov 2026\r\nSubject: another\r\n';
  const mail = Buffer.concat([Buffer.from(added), sealed(world)]);
  expect(Buffer.from(open(mail).inside.body).toString()).toBe(TEXT);
});

/** @spec R9 */
test('whatever byte of a mail is altered on its way, nothing of it is taken', () => {
  const mail = sealed(world);
  const { fields, body } = readEntity(mail);
  const der = Buffer.from(Buffer.from(body).toString(), 'base64');
  const codes = new Set<unknown>();
  for (let at = 0; at < der.length; at += at < 700 ? 3 : 37) {
    const altered = Buffer.from(der);
    altered.writeUInt8(altered.readUInt8(at) ^ 0x10, at);
    codes.add(codeOf(() => open(writeEntity({ fields, body: toBase64Lines(altered) }))));
  }
  expect([...codes].sort()).toEqual(['mail-malformed', 'mail-not-for-us', 'mail-undecipherable']);
});

/** @spec R9 */
test('a byte of what is inside, altered by whoever can encrypt, is noticed', () => {
  const inner = Buffer.from(
    readEnvelopedData(
      Buffer.from(Buffer.from(readEntity(sealed(world)).body).toString(), 'base64'),
      world.site,
    ),
  );
  const { fields, body } = readEntity(inner);
  const der = Buffer.from(Buffer.from(body).toString(), 'base64');
  const codes = new Set<unknown>();
  for (let at = 0; at < der.length; at += 11) {
    const altered = Buffer.from(der);
    altered.writeUInt8(altered.readUInt8(at) ^ 0x01, at);
    codes.add(codeOf(() => open(encrypted(writeEntity({ fields, body: toBase64Lines(altered) })))));
  }
  expect(codes).not.toContain('taken');
  expect(codes).toContain('mail-signature-invalid');
});

/** @spec R9 */
test('a mail that is encrypted for somebody else is not for us', async () => {
  const other = await world.enrolMail({ role: 'intermediary', name: 'site-b' });
  expect(codeOf(() => open(sealed(world, { recipient: other.certificate })))).toBe('mail-not-for-us');
});

/** @spec R9 */
test.each([
  ['another server', { role: 'server', name: 'other' }],
  ['a device', { role: 'device', name: 'main' }],
  ['the intermediary itself', SITE],
] as const)('%s may not sign', async (_, identity) => {
  const signer = await world.enrolMail(identity);
  expect(codeOf(() => open(sealed(world, { signer })))).toBe('identity-unexpected');
});

/** @spec R9 */
test('a server of another CA, one that was revoked, one whose certificate is out of date may not sign', async () => {
  const { clock, site, trust, server } = world;
  const stranger = await world.enrolMail(SERVER, await makeAuthority(clock));
  expect(codeOf(() => open(sealed(world, { signer: stranger })))).toBe('mail-certificate-unusable');

  const revocations = { isRevoked: (serial: string) => serial.toLowerCase() === server.serial };
  const listed = { ...trust, revocations: { ...revocations, validUntil: after(clock.now(), Days(1)) } };
  expect(codeOf(() => open(sealed(world), site, listed))).toBe('mail-certificate-unusable');
  const outdated = { isRevoked: () => false, validUntil: clock.now() };
  expect(codeOf(() => open(sealed(world), site, { ...trust, revocations: outdated }))).toBe(
    'revocation-list-unusable',
  );

  const on = (days: Duration) => ({ ...trust, clock: new VirtualClock(after(clock.now(), days)) });
  expect(codeOf(() => open(sealed(world), site, on(Days(91))))).toBe('mail-certificate-unusable');
  expect(codeOf(() => open(sealed(world), site, on(Days(-1))))).toBe('mail-certificate-unusable');
});

/** @spec R9 */
test.each([
  [
    'what is encrypted but not signed',
    () => encrypted(Buffer.from('Content-Type: text/plain\r\n\r\nhello')),
    'mail-malformed',
  ],
  [
    'what is signed but not encrypted',
    () =>
      writeEntity(smime('signed-data', writeSignedData(Buffer.from('x'), world.server, world.clock.now()))),
    'mail-malformed',
  ],
  ['two signers', () => resigned((parts) => double(parts[4])), 'mail-malformed'],
  ['two certificates', () => resigned((parts) => double(parts[3])), 'mail-malformed'],
  ['no certificate', () => resigned((parts) => parts.splice(3, 1)), 'mail-malformed'],
  [
    'no signer',
    () => resigned((parts) => ((parts[4] as forge.asn1.Asn1).value as unknown[]).pop()),
    'mail-malformed',
  ],
  [
    'a signature that covers no attributes',
    () => resigned((parts) => (path(parts[4] as forge.asn1.Asn1, 0).value as unknown[]).splice(3, 1)),
    'mail-malformed',
  ],
  [
    'another content under the same attributes',
    () =>
      resigned((parts) => {
        path(parts[2] as forge.asn1.Asn1, 1, 0).value = 'Content-Type: text/plain\r\n\r\nother';
      }),
    'mail-signature-invalid',
  ],
  [
    'another digest for the other content',
    () =>
      resigned((parts) => {
        path(parts[4] as forge.asn1.Asn1, 0, 3, 2, 1, 0).value = 'x'.repeat(32);
      }),
    'mail-signature-invalid',
  ],
])('%s is refused', (_, mail, code) => {
  expect(codeOf(() => open(mail()))).toBe(code);
});

const double = (node: forge.asn1.Asn1 | undefined): void => {
  const parts = node?.value as forge.asn1.Asn1[];
  parts.push(parts[0] as forge.asn1.Asn1);
};

const header = 'Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\r\n';
const base64 = 'Content-Transfer-Encoding: base64\r\n';
const nested = (depth: number): string =>
  Buffer.concat([
    ...Array.from({ length: depth }, (_, at) => Buffer.of(0x30, 0x82, ...bigEndian((depth - at - 1) * 4))),
  ]).toString('base64');
const bigEndian = (value: number): number[] => [value >> 8, value & 0xff];

/** @spec R9 */
test.each([
  ['nothing', ''],
  ['no header', '\r\n\r\nhello'],
  ['lines that end with LF only', 'Content-Type: text/plain\n\nhello'],
  ['a plain text', 'Content-Type: text/plain\r\n\r\nhello'],
  ['an encrypted mail without its type', `Content-Type: application/pkcs7-mime\r\n${base64}\r\nMAAA\r\n`],
  ['two content types', `${header}${header}${base64}\r\nMAAA\r\n`],
  [
    'two types in one',
    `Content-Type: application/pkcs7-mime; smime-type=signed-data; smime-type=authEnveloped-data\r\n${base64}\r\nMAAA\r\n`,
  ],
  ['another encoding', `${header}Content-Transfer-Encoding: binary\r\n\r\nhello`],
  ['a body that is not base64', `${header}${base64}\r\n*\r\n`],
  ['base64 with something after it', `${header}${base64}\r\nMAA=MAAA\r\n`],
  ['no body', `${header}${base64}\r\n\r\n`],
  ['a body that is no ASN.1', `${header}${base64}\r\naGVsbG8=\r\n`],
  [
    'a length beyond the end',
    `${header}${base64}\r\n${Buffer.of(0x30, 0x84, 255, 255, 255, 255).toString('base64')}\r\n`,
  ],
  ['an indefinite length', `${header}${base64}\r\n${Buffer.of(0x30, 0x80, 0, 0).toString('base64')}\r\n`],
  [
    'a length that is longer than it need be',
    `${header}${base64}\r\n${Buffer.of(0x30, 0x81, 0).toString('base64')}\r\n`,
  ],
  ['ASN.1 that is nested without end', `${header}${base64}\r\n${nested(5_000)}\r\n`],
  [
    'ASN.1 of very many elements',
    `${header}${base64}\r\n${Buffer.concat([Buffer.of(0x30, 0x82, 0x4e, 0x20), Buffer.alloc(20_000, Buffer.of(5, 0))]).toString('base64')}\r\n`,
  ],
  ['a multipart', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n'],
  ['a header without end', 'X: y\r\n'.repeat(20_000)],
  ['a header of very many fields', `${'X: y\r\n'.repeat(101)}\r\nhello`],
])('%s is refused before anything is decrypted', (_, text) => {
  expect(codeOf(() => open(Buffer.from(text, 'latin1')))).toBe('mail-malformed');
});

/** @spec R9 */
test('multiparts that are signed and encrypted are given as they are, one part, and opened by nobody', () => {
  const text = '--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b--\r\n';
  expect(Buffer.from(open(sealed(world, { text })).inside.body).toString()).toBe(text);
});

/** @spec R9 */
test('what is too long is neither made nor read', () => {
  expect(codeOf(() => open(Buffer.alloc(LONGEST_MAIL + 1)))).toBe('mail-too-long');
  expect(codeOf(() => sealed(world, { text: 'x'.repeat(600_000) }))).toBe('mail-too-long');
});

/** @spec R9 */
test('a header field cannot be made to begin another one', () => {
  const { server: signer, site, clock } = world;
  const inside = { fields: [['To', 'a\r\nBcc: b']] as const, body: Buffer.of(0) };
  const entropy = seededEntropy('x');
  const mail = { outside: [], inside, signer, recipient: site.certificate, at: clock.now(), entropy };
  expect(() => sealMail(mail)).toThrow(TypeError);
});
