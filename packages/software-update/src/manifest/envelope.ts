import { type KeyObject, sign, verify } from 'node:crypto';
import { type DsseKind, readDsse, writeDsse } from '@postern/core';
import type { UpdateErrorCode } from '../errors.ts';
import { strictJson } from './strict-json.ts';
import type { VendorKey } from './vendor-key.ts';

/** The secret half of a key, with the identifier of the public half. */
export interface Signer {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** What is signed, and the error of one that cannot be read. */
export interface RecordKind extends DsseKind {
  readonly malformed: UpdateErrorCode;
}

/** An envelope that was read but not yet believed. */
export interface Envelope {
  readonly payload: Uint8Array;
  /** The identifiers of those of the given keys whose signature over the payload holds; each key counts once. */
  readonly signedBy: (keys: ReadonlyMap<string, VendorKey>) => ReadonlySet<string>;
}

/** Signs a payload: a DSSE v1 envelope (JSON bytes) with one Ed25519 signature of each signer. */
export const signEnvelope = (kind: RecordKind, payload: Uint8Array, signers: readonly Signer[]): Uint8Array =>
  writeDsse(kind, payload, (message) =>
    signers.map(({ keyId, privateKey }) => ({ keyid: keyId, sig: sign(null, message, privateKey) })),
  );

/**
 * Reads an envelope; what it holds is still to be proved by {@link Envelope.signedBy}.
 *
 * @throws PosternError with the kind's `malformed` code
 */
export const openEnvelope = (kind: RecordKind, signed: Uint8Array): Envelope => {
  const { payload, message, signatures } = readDsse(kind, strictJson(kind.malformed), signed);
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
