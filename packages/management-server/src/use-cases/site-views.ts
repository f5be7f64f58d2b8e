import type { VendorKey } from '@postern/software-update';
import type { KeyRotationRecord } from '../domain/records.ts';
import { time } from './views.ts';

/** A public key. */
export interface KeyView {
  /** SHA-256 of its SPKI encoding. */
  readonly keyId: string;
  readonly publicKeyPem: string;
}

/** Signs the time for devices without a clock. */
export type TimeKeyView = KeyView;

/** Whose software is taken: what the configuration pins, changed by the rotations. */
export interface VendorKeysView {
  /** Of the last rotation; 0 when there was none. */
  readonly sequence: number;
  /** How many of the keys must have signed. */
  readonly threshold: number;
  readonly keys: readonly KeyView[];
  /** Oldest first. */
  readonly rotations: readonly { readonly sequence: number; readonly acceptedAt: string }[];
}

/** An intermediary that has called, or that one which has called tells of. */
export interface IntermediaryView {
  readonly name: string;
  /** Null where nobody has said. */
  readonly lastSeen: string | null;
  /** The one that polls for it; null for one that polls itself. */
  readonly via: string | null;
  /** The intermediaries below `via` on the way to it, nearest first, itself the last. */
  readonly route: readonly string[];
}

export const keyView = ({ keyId, publicKey }: VendorKey): KeyView => ({
  keyId,
  publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
});

export const rotationView = ({ sequence, acceptedAt }: KeyRotationRecord) => ({
  sequence,
  acceptedAt: time(acceptedAt),
});
