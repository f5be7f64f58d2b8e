import { X509Certificate } from 'node:crypto';
import { type Clock, Instant, type NodeIdentity, toUri } from '@postern/core';
import { pkiError } from '../errors.ts';
import type { RevocationList } from '../revocation/revocation-list.ts';
import { identityFromSubjectNames } from '../subject-names.ts';

/** What certificates of other nodes are judged by. */
export interface MailTrust {
  /** The CA that must have issued them. */
  readonly caPem: string;
  /** Absent where nobody is ever revoked. */
  readonly revocations?: Pick<RevocationList, 'isRevoked' | 'validUntil'> | undefined;
  readonly clock: Clock;
}

/** id-kp-emailProtection (RFC 5280 §4.2.1.12). */
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

/** Fewer bits are no longer secure (NIST SP 800-131A). */
const FEWEST_BITS = 2_048;

/** More bits are an attempt to keep us busy. */
const MOST_BITS = 8_192;

/** Whether a certificate is one for mail and for nothing else, with a key of a sensible size. */
export const isForMail = ({ ca, keyUsage, publicKey }: X509Certificate): boolean => {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  return (
    !ca &&
    // Node's name for the extended key usages.
    keyUsage?.length === 1 &&
    keyUsage[0] === EMAIL_PROTECTION &&
    publicKey.asymmetricKeyType === 'rsa' &&
    bits >= FEWEST_BITS &&
    bits <= MOST_BITS
  );
};

/**
 * Checks that a certificate is the mail certificate of `expected`, here and now: issued by the CA, valid, for mail only,
 * not revoked.
 *
 * @throws PosternError `mail-certificate-unusable`, `identity-unexpected`, `revocation-list-unusable`
 */
export const confirmMailCertificate = (
  certificate: X509Certificate,
  expected: NodeIdentity,
  { caPem, revocations, clock }: MailTrust,
): void => {
  const ca = new X509Certificate(caPem);
  if (!certificate.checkIssued(ca) || !certificate.verify(ca.publicKey)) {
    throw unusable('was not issued by the CA of this node');
  }
  if (!isForMail(certificate)) throw unusable('is not one for mail');
  const now = clock.now();
  if (now < instant(certificate.validFrom)) throw unusable('is not valid yet');
  if (now >= instant(certificate.validTo)) throw unusable('has expired');
  if (revocations !== undefined) {
    if (now >= revocations.validUntil) {
      throw pkiError('revocation-list-unusable', 'The revocation list is outdated: nobody is trusted');
    }
    if (revocations.isRevoked(certificate.serialNumber)) throw unusable('was revoked');
  }
  const found = identityFromSubjectNames(certificate.subjectAltName);
  if (found === undefined || toUri(found) !== toUri(expected)) {
    const names = found === undefined ? 'no node' : toUri(found);
    throw pkiError('identity-unexpected', `The mail certificate names ${names}, not ${toUri(expected)}`);
  }
};

const instant = (date: string): Instant => Instant(Date.parse(date));

const unusable = (what: string) =>
  pkiError('mail-certificate-unusable', `The mail certificate ${what}`, {
    hint: 'Issue a mail certificate with `postern pki issue … --mail`, and give it to the other side.',
  });
