import { describe, expect, test } from '@jest/globals';
import {
  generateVendorKey,
  LONGEST_SIGNED_MANIFEST,
  pinVendorKeys,
  vendorKeyFromPem,
  vendorSignerFromPem,
  verifyManifest,
} from '@postern/software-update';
import fc from 'fast-check';
import { makeManifest, RELEASE, sign, VENDOR_KEYS, VENDOR_SIGNER } from '../support/software.ts';
import { envelopeOf, toBytes } from './sign-payload.ts';

const manifest = makeManifest(RELEASE);
const signed = sign(manifest);
const envelope = JSON.parse(Buffer.from(signed).toString());
const payload = Buffer.from(envelope.payload, 'base64');
const [signature] = envelope.signatures;
const stranger = vendorSignerFromPem(generateVendorKey().privateKeyPem);

const outcomeOf = (bytes: Uint8Array): unknown => {
  try {
    return verifyManifest(bytes, VENDOR_KEYS);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('the envelope is the one that the DSSE specification describes', () => {
  expect(JSON.parse(Buffer.from(signed).toString())).toEqual(envelopeOf(payload));
});

/** @spec X1 */
describe('an envelope', () => {
  const altered = Buffer.from(payload.toString().replace('"length":4000', '"length":4001'));

  test.each<[string, unknown, string]>([
    ['of a stranger', envelopeOf(payload, [stranger]), 'manifest-signature-invalid'],
    [
      "of a stranger under the vendor's key ID",
      envelopeOf(payload, [{ ...stranger, keyId: VENDOR_SIGNER.keyId }]),
      'manifest-signature-invalid',
    ],
    [
      'with an altered payload',
      { ...envelope, payload: altered.toString('base64') },
      'manifest-signature-invalid',
    ],
    ['without a signature', { ...envelope, signatures: [] }, 'manifest-signature-invalid'],
    [
      'with an empty signature',
      { ...envelope, signatures: [{ ...signature, sig: '' }] },
      'manifest-signature-invalid',
    ],
    ['of another type', { ...envelope, payloadType: 'application/json' }, 'manifest-malformed'],
    [
      'signed as another type',
      envelopeOf(payload, [VENDOR_SIGNER], 'application/json'),
      'manifest-malformed',
    ],
    [
      'signed as another type and relabelled',
      { ...envelopeOf(payload, [VENDOR_SIGNER], 'application/json'), payloadType: envelope.payloadType },
      'manifest-signature-invalid',
    ],
    ['with a further field', { ...envelope, comment: 'x' }, 'manifest-malformed'],
    [
      'with a further field in a signature',
      { ...envelope, signatures: [{ ...signature, cert: 'x' }] },
      'manifest-malformed',
    ],
    [
      'with a signature without key ID',
      { ...envelope, signatures: [{ sig: signature.sig }] },
      'manifest-malformed',
    ],
    ['with nine signatures', { ...envelope, signatures: Array(9).fill(signature) }, 'manifest-malformed'],
    ['without payload', { payloadType: envelope.payloadType, signatures: [signature] }, 'manifest-malformed'],
    ['that is a list', [envelope], 'manifest-malformed'],
  ])('%s is refused', (_, tampered, code) => {
    expect(outcomeOf(toBytes(tampered))).toBe(code);
  });

  test('that is not JSON is refused', () => {
    expect(outcomeOf(Buffer.from('<manifest/>'))).toBe('manifest-malformed');
  });

  test('is refused by its length before it is parsed', () => {
    const padded = Buffer.concat([signed, Buffer.alloc(LONGEST_SIGNED_MANIFEST - signed.length + 1, ' ')]);
    expect(outcomeOf(padded.subarray(0, LONGEST_SIGNED_MANIFEST))).toEqual(manifest);
    expect(outcomeOf(padded)).toBe('manifest-malformed');
  });

  test('with two signatures holds when one is of a trusted vendor', () => {
    expect(outcomeOf(toBytes(envelopeOf(payload, [stranger, VENDOR_SIGNER])))).toEqual(manifest);
  });

  test('any single byte changed is refused or says the same', () => {
    fc.assert(
      fc.property(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const outcome = outcomeOf(
          Uint8Array.from(signed, (byte, index) => (index === at ? byte ^ flip : byte)),
        );
        if (typeof outcome === 'string') expect(outcome).toMatch(/^manifest-(malformed|signature-invalid)$/);
        else expect(outcome).toEqual(manifest);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a vendor key is Ed25519 and known by the digest of its public half', () => {
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  const { keyId } = vendorKeyFromPem(publicKeyPem);
  expect(keyId).toMatch(/^[0-9a-f]{64}$/);
  expect(vendorSignerFromPem(privateKeyPem).keyId).toBe(keyId);
  expect([...pinVendorKeys([publicKeyPem]).keys.keys()]).toEqual([keyId]);
});
