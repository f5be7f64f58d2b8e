import { type VendorKey, vendorKeyFromPem } from './vendor-key.ts';

/**
 * Whom a node believes: the vendor's keys and how many of them must have signed. Devices pin the first one at the
 * factory; from then on only a rotation that the pinned keys signed changes it. No server or intermediary can.
 *
 * @spec X1
 */
export interface VendorTrust {
  /** 0 for what was pinned; rises by one with every rotation. */
  readonly sequence: number;
  /** How many different keys must have signed; at least 1. */
  readonly threshold: number;
  /** By identifier. */
  readonly keys: ReadonlyMap<string, VendorKey>;
}

/**
 * The trust that a node starts with.
 *
 * @param publicKeyPems SPKI public keys in PEM
 * @param threshold how many of them must sign; at most as many as there are
 */
export const pinVendorKeys = (publicKeyPems: readonly string[], threshold: number = 1): VendorTrust => {
  const keys = new Map(publicKeyPems.map(vendorKeyFromPem).map((key) => [key.keyId, key]));
  if (threshold < 1 || threshold > keys.size) {
    throw new RangeError(`A threshold of ${threshold} cannot be met with ${keys.size} vendor keys`);
  }
  return { sequence: 0, threshold, keys };
};
