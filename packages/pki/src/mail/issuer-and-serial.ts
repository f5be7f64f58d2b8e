import type { X509Certificate } from 'node:crypto';
import { type Der, der, Elements, readDer } from './der.ts';

/** How CMS names a certificate (RFC 5652 §10.2.4): its issuer and its serial number, as it says them itself. */
export const issuerAndSerial = (certificate: X509Certificate): Der => {
  const toBeSigned = Elements.sequence(readDer(certificate.raw)).sequence();
  toBeSigned.tagged(0);
  const serial = toBeSigned.any();
  toBeSigned.any();
  return der.sequence(toBeSigned.any(), serial);
};
