import { Instant } from '@postern/core';
import { pkiError } from '../errors.ts';
import type { x509 as X509 } from '../x509.ts';

/** A revocation list as its issuer has published it (RFC 5280 §5). */
export interface PublishedList {
  readonly crlPem: string;
  readonly issuedAt: Instant;
  /** From then on it says nothing any more, and OpenSSL refuses everybody. */
  readonly validUntil: Instant;
  /** Serial numbers as {@link canonicalSerial} writes them. */
  readonly revoked: ReadonlySet<string>;
}

/** A serial number, hexadecimal in whichever way, as it is compared. */
export const canonicalSerial = (serial: string): string => serial.toLowerCase().replace(/^0+(?=.)/, '');

const ONE_LIST = /^\s*-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*$/;

/**
 * Reads a list and checks that the CA has signed it.
 *
 * @param where for messages
 * @throws PosternError `revocation-list-unusable`
 */
export const readPublishedList = async (
  crlPem: string,
  caPem: string,
  where: string,
): Promise<PublishedList> => {
  const [, base64] = ONE_LIST.exec(crlPem) ?? [];
  if (base64 === undefined) throw unusable(`${where} does not hold one list in PEM (X509 CRL)`);
  const { crl, signed } = await verified(base64, caPem).catch((cause: unknown) => {
    throw unusable(`${where} cannot be read as a revocation list`, cause);
  });
  if (!signed) throw unusable(`${where} is not signed by the CA of this node`);
  if (crl.nextUpdate === undefined) throw unusable(`${where} does not say how long it is valid`);
  return {
    crlPem,
    issuedAt: Instant(crl.thisUpdate.getTime()),
    validUntil: Instant(crl.nextUpdate.getTime()),
    revoked: new Set(crl.entries.map(({ serialNumber }) => canonicalSerial(serialNumber))),
  };
};

const verified = async (
  base64: string,
  caPem: string,
): Promise<{ readonly crl: X509.X509Crl; readonly signed: boolean }> => {
  const { x509 } = await import('../x509-parts.ts');
  const crl = new x509.X509Crl(Buffer.from(base64, 'base64'));
  const issuer = new x509.X509Certificate(caPem);
  return { crl, signed: crl.issuer === issuer.subject && (await crl.verify({ publicKey: issuer })) };
};

export const unusable = (message: string, cause?: unknown) =>
  pkiError('revocation-list-unusable', message, {
    cause,
    hint: 'Publish a current list with `postern pki crl`, put it in the place of the old one, and mind its validity.',
  });
