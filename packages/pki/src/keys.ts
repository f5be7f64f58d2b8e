import { createPrivateKey, webcrypto } from 'node:crypto';
import { toPem } from './pem.ts';

/** P-256: what weak devices' libraries and accelerators support best. */
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** How certificates and revocation lists are signed (RFC 5758 §3.2). */
export const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

export const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);

/** As strong as P-256 (NIST SP 800-57 part 1, table 2). Mail needs RSA: one key both signs and is encrypted for. */
const MAIL_KEY_ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 3_072,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const;

export const generateMailKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(MAIL_KEY_ALGORITHM, true, ['sign', 'verify']);

/** PKCS #8 in PEM (RFC 5958). */
export const privateKeyToPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  toPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));

/** A key that can only sign and not be exported again. */
export const privateKeyFromPem = (pem: string): Promise<webcrypto.CryptoKey> => {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']);
};
