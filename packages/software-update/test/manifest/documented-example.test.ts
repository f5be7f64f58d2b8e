import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  pinVendorKeys,
  readVersionReport,
  signManifest,
  startNotificationMac,
  vendorKeyFromPem,
  verifyManifest,
} from '@postern/software-update';

const page = readFileSync(new URL('../../../../docs/manifest.md', import.meta.url), 'utf8');

/** The text of the only code block of the page that contains `mark`. */
const block = (mark: string): string => {
  const found = page.split(/^```.*$/m).filter((part, at) => at % 2 === 1 && part.includes(mark));
  if (found.length !== 1) throw new TypeError(`The page has ${found.length} blocks with ${mark}`);
  return (found[0] ?? '').trim();
};

/** RFC 8032, section 7.1, test 1, in the PKCS#8 frame of RFC 8410. */
const EXAMPLE_KEY = createPrivateKey({
  key: Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ),
  format: 'der',
  type: 'pkcs8',
});
const binding = {
  deviceId: 'mfp-1',
  jobId: 'job-1',
  nonce: '000102030405060708090a0b0c0d0e0f',
  reportKey: '5a'.repeat(32),
};

/** @spec X1 */
test('the documented envelope verifies and is what signing the documented manifest gives', () => {
  const publicKeyPem = block('BEGIN PUBLIC KEY');
  const envelope = block('"payloadType"');
  const manifest = verifyManifest(Buffer.from(envelope), pinVendorKeys([publicKeyPem]));
  const payload = Buffer.from(JSON.parse(envelope).payload, 'base64').toString();
  expect(payload).toBe(block('{"format":1'));

  const signed = signManifest(manifest, {
    keyId: vendorKeyFromPem(publicKeyPem).keyId,
    privateKey: EXAMPLE_KEY,
  });
  expect(JSON.parse(Buffer.from(signed).toString())).toEqual(JSON.parse(envelope));
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
