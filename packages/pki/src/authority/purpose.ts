import type { webcrypto } from 'node:crypto';
import { generateKeys, generateMailKeys } from '../keys.ts';
import { x509 } from '../x509.ts';

/** What a certificate is good for. One for mail is no TLS identity, and one for TLS signs no mail. */
export type CertificatePurpose = 'tls' | 'mail';

interface Purpose {
  readonly generate: () => Promise<webcrypto.CryptoKeyPair>;
  readonly keyUsage: x509.KeyUsageFlags;
  readonly extendedKeyUsage: x509.ExtendedKeyUsage[];
}

const { ExtendedKeyUsage, KeyUsageFlags } = x509;

/** Extended key usages are those of RFC 5280 §4.2.1.12. */
export const PURPOSES: Readonly<Record<CertificatePurpose, Purpose>> = {
  tls: {
    generate: generateKeys,
    keyUsage: KeyUsageFlags.digitalSignature,
    extendedKeyUsage: [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth],
  },
  mail: {
    generate: generateMailKeys,
    keyUsage: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
    extendedKeyUsage: [ExtendedKeyUsage.emailProtection],
  },
};
