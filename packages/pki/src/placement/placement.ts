import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { type DsseKind, type Instant, readDsse, strictJson, writeDsse } from '@postern/core';
import type { EnrolledNode, TrustAnchor } from '../enrolled-node.ts';
import { pkiError } from '../errors.ts';
import { identityFromSubjectNames } from '../subject-names.ts';

/** Where a device is, in its own words. */
export interface Placement {
  readonly deviceId: string;
  /** The intermediary that it registers with. */
  readonly intermediary: string;
  /** Only ever rises: a higher one is a later word. At least 1. */
  readonly sequence: number;
}

/** Whose certificates count, and which no more. */
export interface PlacementTrust extends TrustAnchor {
  /** The revocation list in force; absent where nobody is ever revoked. */
  readonly revocations?: { isRevoked(serial: string): boolean } | undefined;
}

const PLACEMENT: DsseKind = {
  payloadType: 'application/vnd.postern.placement+json',
  longest: 16_384,
  mostSignatures: 1,
};

/** id-kp-clientAuth (RFC 5280 §4.2.1.12): what a device registers with. One for mail, say, proves nothing here. */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FIELDS = ['format', 'deviceId', 'intermediary', 'sequence', 'certificate'] as const;

const json = strictJson((message: string, cause?: unknown) =>
  pkiError('placement-invalid', `A placement is not believed: ${message}`, {
    cause,
    hint: 'Look at the clock and the certificate of the device; it registers anew when it starts.',
  }),
);

/**
 * Signs where a device is with the key of its certificate, which goes along: a DSSE v1 envelope (JSON bytes) with one
 * signature with SHA-256, ECDSA (in DER) or RSA (PKCS #1 v1.5) by the kind of the key.
 *
 * @param node the device
 * @see docs/manifest.md
 */
export const signPlacement = (
  { intermediary, sequence }: Pick<Placement, 'intermediary' | 'sequence'>,
  { identity, certificatePem, privateKeyPem }: EnrolledNode,
): Uint8Array => {
  const statement = {
    format: 1,
    deviceId: identity.name,
    intermediary,
    sequence,
    certificate: certificatePem,
  } satisfies Record<(typeof FIELDS)[number], unknown>;
  const key = createPrivateKey(privateKeyPem);
  const keyid = new X509Certificate(certificatePem).serialNumber.toLowerCase();
  return writeDsse(PLACEMENT, Buffer.from(JSON.stringify(statement), 'utf8'), (message) => [
    { keyid, sig: sign('sha256', message, key) },
  ]);
};

/**
 * Where a device says that it is: believed when it is signed with the key of a certificate that bears the device's name,
 * is good for the client's end of TLS and valid at `now`, and was issued and not revoked by the CA.
 *
 * @throws PosternError `placement-invalid`
 * @spec T2
 */
export const verifyPlacement = (
  signed: Uint8Array,
  { caPem, revocations }: PlacementTrust,
  now: Instant,
): Placement => {
  const { payload, message, signatures } = readDsse(PLACEMENT, json, signed);
  const root = json.object(json.parse(payload, 'the payload'), 'placement', FIELDS);
  if (root['format'] !== 1) throw json.refused('format must be 1');
  const placement = {
    deviceId: json.text(root['deviceId'], 'deviceId', NODE_NAME),
    intermediary: json.text(root['intermediary'], 'intermediary', NODE_NAME),
    sequence: json.whole(root['sequence'], 'sequence'),
  };
  const certificate = readCertificate(root['certificate']);
  checkCertificate(certificate, placement.deviceId, caPem, now);
  if (revocations?.isRevoked(certificate.serialNumber) === true) throw json.refused('the device was revoked');
  const [signature] = signatures;
  if (signature === undefined || !holds(message, signature.sig, certificate.publicKey)) {
    throw json.refused('the signature does not hold');
  }
  return placement;
};

const readCertificate = (pem: unknown): X509Certificate => {
  if (typeof pem !== 'string') throw json.refused('the certificate is missing');
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw json.refused('the certificate cannot be read', cause);
  }
};

const checkCertificate = (
  certificate: X509Certificate,
  deviceId: string,
  caPem: string,
  now: Instant,
): void => {
  const ca = new X509Certificate(caPem);
  if (certificate.ca || !certificate.checkIssued(ca) || !certificate.verify(ca.publicKey)) {
    throw json.refused('another CA issued the certificate');
  }
  // Node's name for the extended key usages.
  if (certificate.keyUsage?.includes(CLIENT_AUTHENTICATION) !== true) {
    throw json.refused('the certificate is not one that a device registers with');
  }
  if (now < Date.parse(certificate.validFrom) || now >= Date.parse(certificate.validTo)) {
    throw json.refused('the certificate is not valid now');
  }
  const identity = identityFromSubjectNames(certificate.subjectAltName);
  if (identity?.role !== 'device' || identity.name !== deviceId) {
    throw json.refused('the certificate is not that of the device');
  }
};

/** P-256 and RSA only: what certificates of devices have. */
const holds = (message: Uint8Array, signature: Uint8Array, key: KeyObject): boolean => {
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  const usable = key.asymmetricKeyType === 'rsa' || namedCurve === 'prime256v1';
  return usable && verify('sha256', message, key, signature);
};
