import type { webcrypto } from 'node:crypto';
import { after, type Duration, type Instant } from '@postern/core';
import { SIGNATURE_ALGORITHM } from '../keys.ts';
import { toPem } from '../pem.ts';
import { x509 } from '../x509.ts';
import type { RevokedCertificate } from './revoked-certificates.ts';

/** Object identifier of the CRL number extension (RFC 5280 §5.2.3). */
const CRL_NUMBER = '2.5.29.20';

/** Signs a revocation list. Its number is the time of issue in milliseconds: unique and growing without a counter. */
export const createCrl = async (parameters: {
  issuer: x509.X509Certificate;
  signingKey: webcrypto.CryptoKey;
  entries: readonly RevokedCertificate[];
  from: Instant;
  lifetime: Duration;
}): Promise<string> => {
  const { issuer, from } = parameters;
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: new Date(from),
    nextUpdate: new Date(after(from, parameters.lifetime)),
    entries: parameters.entries.map(({ serial, at }) => ({
      serialNumber: serial,
      revocationDate: new Date(at),
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      new x509.Extension(CRL_NUMBER, false, derInteger(from)),
    ],
    signingKey: parameters.signingKey,
    signingAlgorithm: SIGNATURE_ALGORITHM,
  });
  // OpenSSL, and so Node, reads only this label (RFC 7468 §7).
  return toPem('X509 CRL', crl.rawData);
};

/** A DER INTEGER of eight bytes or fewer; `value` is not negative. */
const derInteger = (value: number): Uint8Array => {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const content = bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, content.length), content]);
};
