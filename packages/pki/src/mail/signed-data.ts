import {
  constants,
  createHash,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
  X509Certificate,
} from 'node:crypto';
import type { Instant } from '@postern/core';
import { pkiError } from '../errors.ts';
import { ALGORITHMS, OIDS, readPlainAlgorithm } from './algorithms.ts';
import { contentOf, type Der, der, Elements, encoded, malformed, readDer } from './der.ts';
import { issuerAndSerial } from './issuer-and-serial.ts';
import type { MailIdentity } from './mail-identity.ts';

const PADDING = constants.RSA_PKCS1_PADDING;

const digestOf = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();

/** SignedData around `content` (RFC 5652 §5), with the signer's certificate. RSA with SHA-256. */
export const writeSignedData = (content: Uint8Array, signer: MailIdentity, at: Instant): Buffer => {
  const attribute = (oid: string, value: Der): Der => der.sequence(der.oid(oid), der.set(value));
  // In this order they are sorted as DER wants it.
  const attributes = [
    attribute(OIDS.contentType, der.oid(OIDS.data)),
    attribute(OIDS.signingTime, der.time(at)),
    attribute(OIDS.messageDigest, der.octets(digestOf(content))),
  ];
  const signature = sign('sha256', encoded(der.set(...attributes)), {
    key: signer.privateKey,
    padding: PADDING,
  });
  const signerInfo = der.sequence(
    der.integer(1),
    issuerAndSerial(signer.certificate),
    ALGORITHMS.sha256(),
    der.tagged(0, ...attributes),
    ALGORITHMS.sha256WithRsa(),
    der.octets(signature),
  );
  const signedData = der.sequence(
    der.integer(1),
    der.set(ALGORITHMS.sha256()),
    der.sequence(der.oid(OIDS.data), der.tagged(0, der.octets(content))),
    der.tagged(0, readDer(signer.certificate.raw)),
    der.set(signerInfo),
  );
  return encoded(der.sequence(der.oid(OIDS.signedData), der.tagged(0, signedData)));
};

/** What a signature holds for, once it has been verified. Who the signer is the certificate has yet to prove. */
export interface Signed {
  readonly content: Buffer;
  readonly certificate: X509Certificate;
}

/**
 * Reads SignedData with one signer and nothing but its certificate, and verifies the signature: over the attributes, of
 * which the digest stands for the content.
 *
 * @throws PosternError `mail-malformed`, `mail-signature-invalid`
 */
export const readSignedData = (bytes: Uint8Array): Signed => {
  const message = Elements.sequence(readDer(bytes));
  if (message.oid() !== OIDS.signedData) throw malformed('it is not signed');
  const signedData = Elements.sequence(message.explicit(0).only());
  message.end();
  if (signedData.integer() !== 1) throw malformed('it is signed by another version of the syntax');
  expectSha256(Elements.sequence(signedData.set().only()));
  const content = readContent(signedData.sequence());
  const certificate = readCertificate(signedData.explicit(0).only());
  const signerInfo = Elements.sequence(signedData.set().only());
  signedData.end();
  checkSigner(signerInfo, content, certificate);
  return { content, certificate };
};

const expectSha256 = (algorithm: Elements): void => {
  if (readPlainAlgorithm(algorithm) !== OIDS.sha256) throw malformed('it is not signed by SHA-256');
};

const readContent = (encapsulated: Elements): Buffer => {
  if (encapsulated.oid() !== OIDS.data) throw malformed('what is signed is no data');
  const explicit = encapsulated.explicit(0);
  encapsulated.end();
  const content = explicit.octets();
  explicit.end();
  return content;
};

const readCertificate = (node: Der): X509Certificate => {
  try {
    const certificate = new X509Certificate(encoded(node));
    // Node reads the key only now, and throws when there is none that it knows.
    if (certificate.publicKey.asymmetricKeyType === 'rsa') return certificate;
  } catch {}
  throw malformed('it holds something else than a certificate with an RSA key');
};

const checkSigner = (signerInfo: Elements, content: Buffer, certificate: X509Certificate): void => {
  if (signerInfo.integer() !== 1) throw malformed('its signer is named by something else than a certificate');
  if (!encoded(signerInfo.any()).equals(encoded(issuerAndSerial(certificate)))) {
    throw malformed("it does not hold its signer's certificate");
  }
  expectSha256(signerInfo.sequence());
  const attributes = signerInfo.tagged(0);
  const algorithm = readPlainAlgorithm(signerInfo.sequence());
  if (algorithm !== OIDS.sha256WithRsa && algorithm !== OIDS.rsaEncryption) {
    throw malformed('it is not signed by RSA');
  }
  const signature = signerInfo.octets();
  signerInfo.end();
  const values = readAttributes(new Elements(attributes));
  const digest = contentOf(required(values.get(OIDS.messageDigest)));
  const contentType = required(values.get(OIDS.contentType));
  const expected = digestOf(content);
  const { publicKey } = certificate;
  if (
    !encoded(contentType).equals(encoded(der.oid(OIDS.data))) ||
    digest.length !== expected.length ||
    !timingSafeEqual(digest, expected) ||
    !isSignature(signature, toBeSigned(attributes), publicKey)
  ) {
    throw pkiError('mail-signature-invalid', 'The mail was not signed by the key of its certificate');
  }
};

const isSignature = (signature: Buffer, of: Buffer, key: KeyObject): boolean => {
  try {
    return verify('sha256', of, { key, padding: PADDING }, signature);
  } catch {
    return false;
  }
};

/** The attributes are signed as the SET that they are, not with the tag that they have in the message (§5.4). */
const toBeSigned = (attributes: Der): Buffer => {
  const bytes = encoded(attributes);
  bytes.writeUInt8(0x31, 0);
  return bytes;
};

/** Each attribute once, and with one value. */
const readAttributes = (attributes: Elements): ReadonlyMap<string, Der> => {
  const values = new Map<string, Der>();
  while (attributes.rest > 0) {
    const attribute = attributes.sequence();
    const oid = attribute.oid();
    const value = attribute.set().only();
    attribute.end();
    if (values.has(oid)) throw malformed('a signed attribute is repeated');
    values.set(oid, value);
  }
  return values;
};

const required = (value: Der | undefined): Der => {
  if (value === undefined) throw malformed('a signed attribute is missing');
  return value;
};
