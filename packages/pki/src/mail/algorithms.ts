import { der, type Elements, malformed } from './der.ts';

/** Object identifiers (RFC 5652, RFC 5083, RFC 5084, RFC 8017). */
export const OIDS = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  oaep: '1.2.840.113549.1.1.7',
  mgf1: '1.2.840.113549.1.1.8',
  aes256Gcm: '2.16.840.1.101.3.4.1.46',
} as const;

/** What is written: with parameters absent, or NULL, as its RFC wants it. */
export const ALGORITHMS = {
  /** RFC 5754 §2. */
  sha256: () => der.sequence(der.oid(OIDS.sha256)),
  /** RFC 5754 §3.2. */
  sha256WithRsa: () => der.sequence(der.oid(OIDS.sha256WithRsa), der.nothing()),
  /** RFC 4055 §4.1, with SHA-256 for both. */
  oaep: () =>
    der.sequence(
      der.oid(OIDS.oaep),
      der.sequence(
        der.tagged(0, ALGORITHMS.sha256()),
        der.tagged(1, der.sequence(der.oid(OIDS.mgf1), ALGORITHMS.sha256())),
      ),
    ),
  /** RFC 5084 §3.2. */
  aes256Gcm: (nonce: Uint8Array, tagLength: number) =>
    der.sequence(der.oid(OIDS.aes256Gcm), der.sequence(der.octets(nonce), der.integer(tagLength))),
} as const;

/** Reads an AlgorithmIdentifier whose parameters say nothing: absent or NULL. */
export const readPlainAlgorithm = (algorithm: Elements): string => {
  const oid = algorithm.oid();
  if (algorithm.rest > 0) algorithm.nothing();
  algorithm.end();
  return oid;
};

/** @throws PosternError `mail-malformed` unless it is RSA-OAEP with SHA-256 for both, and no label */
export const expectOaep = (algorithm: Elements): void => {
  if (algorithm.oid() !== OIDS.oaep) throw malformed('its key is not encrypted by RSA-OAEP');
  const parameters = algorithm.sequence();
  algorithm.end();
  const hash = readPlainAlgorithm(parameters.explicit(0).sequence());
  const mask = parameters.explicit(1).sequence();
  parameters.end();
  if (
    mask.oid() !== OIDS.mgf1 ||
    readPlainAlgorithm(mask.sequence()) !== OIDS.sha256 ||
    hash !== OIDS.sha256
  ) {
    throw malformed('its key is encrypted with another hash than SHA-256');
  }
  mask.end();
};
