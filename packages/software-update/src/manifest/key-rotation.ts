import { updateError } from '../errors.ts';
import { type Envelope, openEnvelope, type RecordKind, type Signer, signEnvelope } from './envelope.ts';
import { strictJson } from './strict-json.ts';
import {
  decodeTrust,
  encodeTrust,
  MOST_SIGNATURES,
  type StoredTrust,
  type VendorTrust,
} from './vendor-trust.ts';

/** Rotations that travel with one order or share, at most. */
export const MOST_ROTATIONS = 16;

/** Signed by a threshold of the keys in force and by one of the keys it names. */
const ROTATION: RecordKind = {
  payloadType: 'application/vnd.postern.key-rotation+json',
  longest: 65_536,
  mostSignatures: 2 * MOST_SIGNATURES,
  malformed: 'key-rotation-invalid',
};

const json = strictJson('key-rotation-invalid');

/**
 * Signs the complete new trust. To be accepted it needs signatures of keys in force and of keys it names.
 *
 * @throws PosternError `key-rotation-invalid` for a trust that no node would read, or without enough of the new keys
 * @see docs/manifest.md
 */
export const signRotation = (trust: StoredTrust, signers: readonly Signer[]): Uint8Array => {
  const { sequence, threshold, keys } = encodeTrust(decodeTrust(trust));
  const payload = Buffer.from(JSON.stringify({ format: 1, sequence, threshold, keys }), 'utf8');
  const signed = signEnvelope(ROTATION, payload, signers);
  const envelope = openEnvelope(ROTATION, signed);
  requireNewSignatures(envelope, readTrust(envelope));
  return signed;
};

/**
 * What a rotation says, before anybody has believed it: for listing and ordering rotations, never for verifying.
 *
 * @throws PosternError `key-rotation-invalid`
 */
export const readRotation = (signed: Uint8Array): VendorTrust => readTrust(openEnvelope(ROTATION, signed));

/**
 * The trust after one rotation. It must follow directly, and be signed by the threshold of the keys in force (nobody
 * else may say who follows them) and of the keys it names (so that nobody rotates to keys that nobody has).
 *
 * @spec X1
 * @throws PosternError `key-rotation-invalid`
 */
export const applyRotation = (trust: VendorTrust, signed: Uint8Array): VendorTrust => {
  const envelope = openEnvelope(ROTATION, signed);
  const next = readTrust(envelope);
  if (next.sequence !== trust.sequence + 1) {
    throw updateError(
      'key-rotation-invalid',
      `Rotation ${next.sequence} does not follow the trust in force, which is ${trust.sequence}`,
    );
  }
  const old = envelope.signedBy(trust.keys).size;
  if (old < trust.threshold) {
    throw updateError(
      'key-rotation-invalid',
      `Rotation ${next.sequence} bears ${old} signatures of keys in force; ${trust.threshold} are required`,
    );
  }
  requireNewSignatures(envelope, next);
  return next;
};

/**
 * Follows rotations, oldest first; those that the trust is past already are skipped. One that does not hold leaves
 * everything as it was.
 *
 * @spec X1
 * @throws PosternError `key-rotation-invalid`
 */
export const followRotations = (trust: VendorTrust, records: readonly Uint8Array[]): VendorTrust => {
  if (records.length > MOST_ROTATIONS) {
    throw updateError(
      'key-rotation-invalid',
      `${records.length} rotations at once; ${MOST_ROTATIONS} are allowed`,
    );
  }
  return records.reduce(
    (inForce, signed) =>
      readRotation(signed).sequence <= inForce.sequence ? inForce : applyRotation(inForce, signed),
    trust,
  );
};

const readTrust = ({ payload }: Envelope): VendorTrust => {
  const { format, ...trust } = json.object(json.parse(payload, 'the rotation'), 'rotation', [
    'format',
    'sequence',
    'threshold',
    'keys',
  ]);
  if (format !== 1) throw json.refused('format must be 1');
  json.whole(trust['sequence'], 'sequence');
  return decodeTrust(trust);
};

const requireNewSignatures = (envelope: Envelope, { sequence, keys, threshold }: VendorTrust): void => {
  const own = envelope.signedBy(keys).size;
  if (own >= threshold) return;
  throw updateError(
    'key-rotation-invalid',
    `Rotation ${sequence} bears ${own} signatures of the keys it names; ${threshold} are required`,
  );
};
