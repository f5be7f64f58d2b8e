import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  followRotations,
  invalidationCode,
  pinTimeKeys,
  pinVendorKeys,
  readVersionReport,
  signManifest,
  signRotation,
  signTime,
  startNotificationMac,
  usedPasswordCode,
  vendorKeyFromPem,
  verifyManifest,
  verifyTime,
} from '@postern/software-update';
import { START } from '../support/software.ts';

const page = readFileSync(new URL('../../../../docs/manifest.md', import.meta.url), 'utf8');

/** The text of the only code block of the page that contains `mark`. */
const block = (mark: string): string => {
  const found = page.split(/^```.*$/m).filter((part, at) => at % 2 === 1 && part.includes(mark));
  if (found.length !== 1) throw new TypeError(`The page has ${found.length} blocks with ${mark}`);
  return (found[0] ?? '').trim();
};

/** A private key of RFC 8032, section 7.1, in the PKCS#8 frame of RFC 8410. */
const exampleKey = (seed: string) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
const EXAMPLE_KEY = exampleKey('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const NEXT_KEY = exampleKey('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
const publicKeyPem = block('-----BEGIN PUBLIC KEY-----\nMCow');
const payloadOf = (envelope: string): string =>
  Buffer.from(JSON.parse(envelope).payload, 'base64').toString();
const asJson = (signed: Uint8Array): unknown => JSON.parse(Buffer.from(signed).toString());

const binding = {
  deviceId: 'mfp-1',
  jobId: 'job-1',
  nonce: '000102030405060708090a0b0c0d0e0f',
  reportKey: '5a'.repeat(32),
};

/** @spec X1 */
test('the documented envelope verifies and is what signing the documented manifest gives', () => {
  const envelope = block('application/vnd.postern.manifest+json",');
  const manifest = verifyManifest(Buffer.from(envelope), pinVendorKeys([publicKeyPem]));
  expect(payloadOf(envelope)).toBe(block('{"format":1,"software"'));

  const { keyId } = vendorKeyFromPem(publicKeyPem);
  expect(asJson(signManifest(manifest, { keyId, privateKey: EXAMPLE_KEY }))).toEqual(JSON.parse(envelope));
});

/** @spec X1 */
test('the documented key rotation is followed, and is what signing its payload with both keys gives', () => {
  const envelope = block('application/vnd.postern.key-rotation+json",');
  const trust = followRotations(pinVendorKeys([publicKeyPem]), [Buffer.from(envelope)]);
  expect(payloadOf(envelope)).toBe(block('{"format":1,"sequence"'));

  const [next] = trust.keys.values();
  const { format: _, ...content } = JSON.parse(payloadOf(envelope));
  const signed = signRotation(content, [
    { keyId: vendorKeyFromPem(publicKeyPem).keyId, privateKey: EXAMPLE_KEY },
    { keyId: next?.keyId ?? '', privateKey: NEXT_KEY },
  ]);
  expect(asJson(signed)).toEqual(JSON.parse(envelope));
});

/** @spec X1 */
test('the documented signed time is taken by the device whose nonce it answers', () => {
  const envelope = block('application/vnd.postern.time+json",');
  const timeKeys = pinTimeKeys([publicKeyPem]);
  expect(verifyTime(Buffer.from(envelope), timeKeys, binding)).toBe(START);

  const signer = { keyId: vendorKeyFromPem(publicKeyPem).keyId, privateKey: EXAMPLE_KEY };
  expect(asJson(signTime({ ...binding, time: START }, signer))).toEqual(JSON.parse(envelope));
});

/** @spec U12 P1 */
test('the documented codes of requests in plain HTTP are authentic', () => {
  const { deviceId, jobId, reportKey } = binding;
  const userName = 'site-1';
  expect(page).toContain(invalidationCode(reportKey, { deviceId, userName, jobId }));
  expect(page).toContain(usedPasswordCode(reportKey, { deviceId, userName, list: 'list-a', entry: 7 }));
});

/** @spec X2 */
test('the documented version report and start notification are authentic', () => {
  const report = Buffer.from(`${block('@hmac=')}\n`);
  expect(readVersionReport(report, binding)).toEqual({
    versions: { firmware: '1.0' },
    activity: 'receiving',
  });
  expect(page).toContain(startNotificationMac(binding));
});
