import { type KeyObject, sign, verify } from 'node:crypto';
import type { UpdateErrorCode } from '../errors.ts';
import { strictJson } from './strict-json.ts';
import type { VendorKey } from './vendor-key.ts';

/** The secret half of a key, with the identifier of the public half. */
export interface Signer {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** What is signed: its DSSE payload type, its limits, and the error of one that cannot be read. */
export interface RecordKind {
  readonly payloadType: string;
  /** Bytes of the envelope; a longer one is refused before it is parsed. */
  readonly longest: number;
  readonly mostSignatures: number;
  readonly malformed: UpdateErrorCode;
}

/** An envelope that was read but not yet believed. */
export interface Envelope {
  readonly payload: Uint8Array;
  /** The identifiers of those of the given keys whose signature over the payload holds; each key counts once. */
  readonly signedBy: (keys: ReadonlyMap<string, VendorKey>) => ReadonlySet<string>;
}

/**
 * Signs a payload: a DSSE v1 envelope (JSON bytes) with one Ed25519 signature of each signer over the
 * pre-authentication encoding.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */
export const signEnvelope = (
  { payloadType }: RecordKind,
  payload: Uint8Array,
  signers: readonly Signer[],
): Uint8Array => {
  const message = preAuthenticationEncoding(payloadType, payload);
  const envelope = {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signers.map(({ keyId, privateKey }) => ({
      keyid: keyId,
      sig: sign(null, message, privateKey).toString('base64'),
    })),
  };
  return Buffer.from(JSON.stringify(envelope), 'utf8');
};

/**
 * Reads an envelope; what it holds is still to be proved by {@link Envelope.signedBy}.
 *
 * @throws PosternError with the kind's `malformed` code
 */
export const openEnvelope = (kind: RecordKind, signed: Uint8Array): Envelope => {
  const json = strictJson(kind.malformed);
  if (signed.length > kind.longest) throw json.refused('the envelope is too long');
  const root = json.object(json.parse(signed, 'the envelope'), 'envelope', [
    'payloadType',
    'payload',
    'signatures',
  ]);
  if (root['payloadType'] !== kind.payloadType) throw json.refused('the payload type is another one');
  if (typeof root['payload'] !== 'string') throw json.refused('the payload is missing');
  const signatures = json.list(root['signatures'], 'signatures', 0, kind.mostSignatures).map((item) => {
    const { keyid, sig } = json.object(item, 'signature', ['keyid', 'sig']);
    if (typeof keyid !== 'string' || typeof sig !== 'string') throw json.refused('a signature is incomplete');
    return { keyid, sig: Buffer.from(sig, 'base64') };
  });
  const payload = Buffer.from(root['payload'], 'base64');
  const message = preAuthenticationEncoding(kind.payloadType, payload);
  return {
    payload,
    signedBy: (keys) => {
      const holding = signatures.filter(({ keyid, sig }) => {
        const key = keys.get(keyid);
        return key !== undefined && verify(null, message, key.publicKey, sig);
      });
      return new Set(holding.map(({ keyid }) => keyid));
    },
  };
};

/** DSSE PAE: the type and the payload, each with its length, so that neither can be shifted into the other. */
const preAuthenticationEncoding = (payloadType: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `, 'utf8'),
    payload,
  ]);
