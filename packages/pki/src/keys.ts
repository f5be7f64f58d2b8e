import { createPrivateKey, webcrypto } from 'node:crypto';
import { toPem } from './pem.ts';

/** P-256: what weak devices' libraries and accelerators support best. */
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** How certificates and revocation lists are signed (RFC 5758 §3.2). */
export const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

export const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);

/** PKCS #8 in PEM (RFC 5958). */
export const privateKeyToPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  toPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));

/** A key that can only sign and not be exported again. */
export const privateKeyFromPem = (pem: string): Promise<webcrypto.CryptoKey> => {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']);
};
