import { describe, expect, test } from '@jest/globals';
import {
  applyRotation,
  decodeTrust,
  encodeTrust,
  followRotations,
  generateVendorKey,
  MOST_ROTATIONS,
  pinVendorKeys,
  readRotation,
  signManifest,
  signRotation,
  type VendorTrust,
  vendorSignerFromPem,
  verifyManifest,
} from '@postern/software-update';
import fc from 'fast-check';
import { makeManifest, RELEASE } from '../support/software.ts';
import { envelopeOf, toBytes } from './sign-payload.ts';

const ROTATION_TYPE = 'application/vnd.postern.key-rotation+json';

/** Ten key pairs; a test speaks of them by number. */
const pairs = Array.from({ length: 10 }, generateVendorKey);
const pem = (number: number): string => pairs[number]?.publicKeyPem ?? '';
const signer = (number: number) => vendorSignerFromPem(pairs[number]?.privateKeyPem ?? '');
const keyIds = (trust: VendorTrust): readonly string[] => [...trust.keys.keys()];
const trustOf = (sequence: number, threshold: number, numbers: readonly number[]): VendorTrust => ({
  ...pinVendorKeys(numbers.map(pem), threshold),
  sequence,
});

/** A rotation made from the documentation alone, so that wrong ones can be made, too. */
const rotation = (content: object, signers: readonly number[]): Uint8Array =>
  toBytes(envelopeOf(Buffer.from(JSON.stringify(content)), signers.map(signer), ROTATION_TYPE));
const body = (sequence: number, threshold: number, numbers: readonly number[]) => ({
  format: 1,
  sequence,
  threshold,
  keys: numbers.map(pem),
});

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'key-rotation-invalid' });
    return (error as Error).message;
  }
  throw new TypeError('It was accepted');
};

/** @spec X1 */
describe('a key rotation', () => {
  /** Two of keys 0, 1, 2 are in force. */
  const inForce = trustOf(3, 2, [0, 1, 2]);

  test.each<[string, readonly number[], readonly number[], number]>([
    ['to other keys', [3, 4], [0, 1, 3, 4], 2],
    ['that revokes one key and adds another', [0, 1, 3], [0, 1], 2],
    ['to a lower threshold', [3], [0, 2, 3], 1],
    ['with signatures of strangers besides', [3], [0, 1, 3, 9], 1],
  ])('%s holds with both sides signed', (_, keys, signers, threshold) => {
    const next = applyRotation(inForce, rotation(body(4, threshold, keys), signers));
    expect(next).toMatchObject({ sequence: 4, threshold });
    expect(keyIds(next)).toEqual(keyIds(trustOf(4, threshold, keys)));
  });

  test.each<[string, Uint8Array, string]>([
    ['that skips one', rotation(body(5, 1, [3]), [0, 1, 3]), 'does not follow'],
    ['of the number in force', rotation(body(3, 1, [3]), [0, 1, 3]), 'does not follow'],
    [
      'with too few of the keys in force',
      rotation(body(4, 1, [3]), [0, 3]),
      '1 signatures of keys in force; 2',
    ],
    ['with one key in force twice', rotation(body(4, 1, [3]), [0, 0, 3]), '1 signatures of keys in force; 2'],
    [
      'with too few of its own keys',
      rotation(body(4, 2, [3, 4]), [0, 1, 3]),
      '1 signatures of the keys it names; 2',
    ],
    [
      'signed by none of its own keys',
      rotation(body(4, 1, [3]), [0, 1]),
      '0 signatures of the keys it names; 1',
    ],
    ['without signatures', rotation(body(4, 1, [3]), []), '0 signatures of keys in force; 2'],
    ['without keys', rotation(body(4, 1, []), [0, 1]), 'keys must be a list'],
    ['with 33 keys', rotation(body(4, 1, Array(33).fill(3)), [0, 1, 3]), 'keys must be a list'],
    ['that names a key twice', rotation(body(4, 1, [3, 3]), [0, 1, 3]), 'twice'],
    ['with a threshold that nobody meets', rotation(body(4, 3, [3, 4]), [0, 1, 3, 4]), 'threshold of 3'],
    ['with a threshold of 0', rotation(body(4, 0, [3]), [0, 1, 3]), 'threshold must'],
    [
      'with a private key',
      rotation({ ...body(4, 1, []), keys: [pairs[3]?.privateKeyPem] }, [0, 1, 3]),
      'key is',
    ],
    ['of another format', rotation({ ...body(4, 1, [3]), format: 2 }, [0, 1, 3]), 'format'],
    ['with a further field', rotation({ ...body(4, 1, [3]), expires: 1 }, [0, 1, 3]), 'unknown field'],
    [
      'that is a manifest',
      toBytes(envelopeOf(Buffer.from(JSON.stringify(body(4, 1, [3]))), [0, 1, 3].map(signer))),
      'payload type',
    ],
    ['that is no JSON', Buffer.from('rotation'), 'JSON'],
    ['beyond 64 KiB', Buffer.alloc(65_537, ' '), 'too long'],
    ['with 17 signatures', rotation(body(4, 1, [3]), Array(17).fill(0)), 'signatures must'],
  ])('%s is refused and says why', (_, record, reason) => {
    expect(refusal(() => applyRotation(inForce, record))).toContain(reason);
  });

  test('is what signing gives, and signing refuses what no node would follow', () => {
    const signed = signRotation({ sequence: 4, threshold: 1, keys: [pem(3)] }, [0, 1, 3].map(signer));
    expect(readRotation(signed).sequence).toBe(4);
    expect(keyIds(applyRotation(inForce, signed))).toEqual(keyIds(trustOf(4, 1, [3])));
    const lonely = () => signRotation({ sequence: 4, threshold: 2, keys: [pem(3), pem(4)] }, [3].map(signer));
    expect(refusal(lonely)).toContain('1 signatures of the keys it names; 2');
  });
});

/** @spec X1 */
describe('a chain of rotations', () => {
  const pinned = pinVendorKeys([pem(0)]);
  const first = signRotation({ sequence: 1, threshold: 2, keys: [pem(1), pem(2)] }, [0, 1, 2].map(signer));
  const second = signRotation({ sequence: 2, threshold: 1, keys: [pem(3)] }, [1, 2, 3].map(signer));

  test('leads from the pinned keys to the last ones, and a revoked key signs nothing any more', () => {
    const trust = followRotations(pinned, [first, second]);
    expect(keyIds(trust)).toEqual(keyIds(trustOf(2, 1, [3])));
    const manifest = makeManifest(RELEASE);
    expect(verifyManifest(signManifest(manifest, signer(3)), trust)).toEqual(manifest);
    expect(() => verifyManifest(signManifest(manifest, signer(0)), trust)).toThrow('0 signatures');
  });

  test('is followed from where a node is', () => {
    const halfway = followRotations(pinned, [first]);
    expect(followRotations(halfway, [first, second])).toEqual(followRotations(pinned, [first, second]));
    expect(followRotations(halfway, [first])).toBe(halfway);
    expect(followRotations(halfway, [])).toBe(halfway);
  });

  test('with a gap, or beyond what one order carries, is refused', () => {
    expect(refusal(() => followRotations(pinned, [second]))).toContain('does not follow');
    expect(refusal(() => followRotations(pinned, Array(MOST_ROTATIONS + 1).fill(first)))).toContain('17');
  });

  test('never accepts a record that is not signed by both sides', () => {
    const numbers = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 });
    const link = fc.record({
      sequence: fc.constantFrom(0, 1, 1, 1, 2),
      threshold: fc.integer({ min: 1, max: 3 }),
      numbers,
      signers: fc.uniqueArray(fc.nat(4)),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 4 }), (links) => {
        let trust = pinVendorKeys([pem(0), pem(1)], 1);
        let held = { threshold: 1, numbers: [0, 1] as readonly number[] };
        for (const next of links) {
          const sequence = trust.sequence + next.sequence;
          const record = rotation(body(sequence, next.threshold, next.numbers), next.signers);
          const by = (keys: readonly number[]): number =>
            next.signers.filter((at) => keys.includes(at)).length;
          const sound =
            next.sequence === 1 &&
            next.threshold <= next.numbers.length &&
            by(held.numbers) >= held.threshold &&
            by(next.numbers) >= next.threshold;
          if (sound) {
            trust = applyRotation(trust, record);
            held = next;
          } else {
            refusal(() => applyRotation(trust, record));
          }
          expect(keyIds(trust)).toEqual(held.numbers.map((at) => signer(at).keyId));
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** @spec X1 */
test('a manifest holds with as many different keys as the trust demands', () => {
  const trust = pinVendorKeys([pem(0), pem(1), pem(2)], 2);
  const manifest = makeManifest(RELEASE);
  const signedBy = (...numbers: number[]) => signManifest(manifest, numbers.map(signer));
  expect(verifyManifest(signedBy(0, 2), trust)).toEqual(manifest);
  for (const signed of [signedBy(0), signedBy(0, 0), signedBy(0, 9), signedBy()]) {
    expect(() => verifyManifest(signed, trust)).toThrow(
      expect.objectContaining({ code: 'manifest-signature-invalid' }),
    );
  }
});

test.each([0, 1.5, 3, 9])('a threshold of %d cannot be pinned for two keys', (threshold) => {
  expect(() => pinVendorKeys([pem(0), pem(1)], threshold)).toThrow(RangeError);
});

test('a trust survives NV-RAM; one that is damaged is no trust', () => {
  const trust = trustOf(7, 2, [0, 1, 2]);
  const stored = JSON.parse(JSON.stringify(encodeTrust(trust)));
  const read = decodeTrust(stored);
  expect({ ...read, keys: keyIds(read) }).toEqual({ ...trust, keys: keyIds(trust) });
  expect(refusal(() => decodeTrust({ ...stored, keys: [] }))).toContain('keys');
  expect(refusal(() => decodeTrust(null))).toContain('object');
});
