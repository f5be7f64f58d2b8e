import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { errorMessage, PosternError } from '@postern/core';
import { sha256Hex } from '../common/fingerprint.ts';

/** What an FTPS server proves to have. */
export interface FtpsIdentity {
  /** The private key, PEM. */
  readonly key: string;
  /** The certificate, PEM; certificates of issuers may follow it. */
  readonly cert: string;
}

/** SHA-256 of a certificate in DER, as 64 hexadecimal digits: what a client is to insist on. Of a chain, the first. */
export const certificateFingerprint = (pem: string): string => sha256Hex(new X509Certificate(pem).raw);

/**
 * TLS 1.2 or newer, with ticket keys of its own: a session that was begun under one context cannot be resumed under
 * another.
 *
 * @throws PosternError `bulk-identity-unusable`
 */
export const tlsContext = ({ key, cert }: FtpsIdentity): SecureContext => {
  try {
    return createSecureContext({ key, cert, minVersion: 'TLSv1.2', sessionIdContext: 'postern-bulk' });
  } catch (error) {
    throw new PosternError('bulk-identity-unusable', `The TLS key cannot be used: ${errorMessage(error)}`, {
      hint: 'Give a private key and its certificate, both as PEM.',
    });
  }
};
