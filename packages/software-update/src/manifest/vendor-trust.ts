import { strictJson } from './strict-json.ts';
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

/** A {@link VendorTrust} as plain data, for NV-RAM. It proves nothing: keep it where only the node itself writes. */
export interface StoredTrust {
  readonly sequence: number;
  readonly threshold: number;
  /** SPKI public keys in PEM. */
  readonly keys: readonly string[];
}

/** A trust names at most this many keys. */
export const MOST_KEYS = 32;

/** An envelope bears at most this many signatures of one trust; so no threshold may be higher. */
export const MOST_SIGNATURES = 8;

/**
 * The trust that a node starts with.
 *
 * @param publicKeyPems SPKI public keys in PEM
 * @param threshold how many of them must sign; at most as many as there are
 * @throws RangeError, and Node's crypto errors for what is no key
 */
export const pinVendorKeys = (publicKeyPems: readonly string[], threshold: number = 1): VendorTrust => {
  const keys = keysFromPems(publicKeyPems);
  if (!isThreshold(threshold, keys.size)) {
    throw new RangeError(`A threshold of ${threshold} cannot be met with ${keys.size} vendor keys`);
  }
  return { sequence: 0, threshold, keys };
};

/** Whether `threshold` of `keys` keys can sign. */
export const isThreshold = (threshold: number, keys: number): boolean =>
  Number.isSafeInteger(threshold) && threshold >= 1 && threshold <= Math.min(keys, MOST_SIGNATURES);

/** By identifier: a key that is given twice is there once. */
export const keysFromPems = (pems: readonly string[]): ReadonlyMap<string, VendorKey> =>
  new Map(pems.map(vendorKeyFromPem).map((key) => [key.keyId, key]));

export const encodeTrust = ({ sequence, threshold, keys }: VendorTrust): StoredTrust => ({
  sequence,
  threshold,
  keys: [...keys.values()].map(({ publicKey }) =>
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  ),
});

/** One public key, and nothing that Node's `createPublicKey` would take for one besides. */
const PUBLIC_KEY =
  /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]{1,512}\r?\n?-----END PUBLIC KEY-----\s{0,4}$/;
const json = strictJson('key-rotation-invalid');

/**
 * Reads {@link encodeTrust}'s data, or the same three fields of a key rotation.
 *
 * @throws PosternError `key-rotation-invalid`
 */
export const decodeTrust = (value: unknown): VendorTrust => {
  const root = json.object(value, 'trust', ['sequence', 'threshold', 'keys']);
  const sequence = json.whole(root['sequence'], 'sequence', 0);
  const threshold = json.whole(root['threshold'], 'threshold');
  const pems = json
    .list(root['keys'], 'keys', 1, MOST_KEYS)
    .map((item) => json.text(item, 'key', PUBLIC_KEY));
  const keys = readKeys(pems);
  if (keys.size !== pems.length) throw json.refused('a key is named twice');
  if (!isThreshold(threshold, keys.size)) {
    throw json.refused(`a threshold of ${threshold} cannot be met with ${keys.size} keys`);
  }
  return { sequence, threshold, keys };
};

const readKeys = (pems: readonly string[]): ReadonlyMap<string, VendorKey> => {
  try {
    return keysFromPems(pems);
  } catch (cause) {
    throw json.refused('a key is not an Ed25519 public key', cause);
  }
};
