import type { X509Certificate } from 'node:crypto';
import type { Entropy, Instant, NodeIdentity } from '@postern/core';
import { pkiError } from '../errors.ts';
import { malformed } from './der.ts';
import { type Entity, fieldOf, fromBase64Lines, readEntity, toBase64Lines, writeEntity } from './entity.ts';
import { readEnvelopedData, writeEnvelopedData } from './enveloped-data.ts';
import { confirmMailCertificate, type MailTrust } from './mail-certificate.ts';
import type { MailIdentity } from './mail-identity.ts';
import { readSignedData, writeSignedData } from './signed-data.ts';

/** A longer mail, in bytes, is not looked at. */
export const LONGEST_MAIL = 1_048_576;

export interface MailToSeal {
  /** What the transport may see, and change. Nobody relies on it. */
  readonly outside: Entity['fields'];
  /** What is signed and encrypted: whatever matters stands in here, its header fields included. */
  readonly inside: Entity;
  readonly signer: MailIdentity;
  /** The recipient's mail certificate; checked by the caller. */
  readonly recipient: X509Certificate;
  readonly at: Instant;
  readonly entropy: Entropy;
}

/**
 * Signs, then encrypts (RFC 8551 §3.6): a whole message as it is given to a mail server.
 *
 * @throws PosternError `mail-too-long`
 * @spec R9
 */
export const sealMail = ({ outside, inside, signer, recipient, at, entropy }: MailToSeal): Buffer => {
  const signed = smimeEntity('signed-data', writeSignedData(writeEntity(inside), signer, at));
  const { fields, body } = smimeEntity(
    'authEnveloped-data',
    writeEnvelopedData(writeEntity(signed), recipient, entropy),
  );
  const mail = writeEntity({ fields: [...outside, ['MIME-Version', '1.0'], ...fields], body });
  if (mail.length > LONGEST_MAIL) throw tooLong();
  return mail;
};

export interface OpenedMail {
  /** What was signed. */
  readonly inside: Entity;
  readonly signer: NodeIdentity;
}

/**
 * Decrypts a message and verifies who signed it. Nothing of it is given that was not signed as a whole by `expected`.
 *
 * @throws PosternError `mail-too-long`, `mail-malformed`, `mail-not-for-us`, `mail-undecipherable`,
 *   `mail-signature-invalid`, and those of `confirmMailCertificate`
 * @spec R9
 */
export const openMail = (
  message: Uint8Array,
  recipient: MailIdentity,
  expected: NodeIdentity,
  trust: MailTrust,
): OpenedMail => {
  if (message.length > LONGEST_MAIL) throw tooLong();
  const encrypted = smimeContent(readEntity(message), 'authEnveloped-data');
  const signed = smimeContent(readEntity(readEnvelopedData(encrypted, recipient)), 'signed-data');
  const { content, certificate } = readSignedData(signed);
  confirmMailCertificate(certificate, expected, trust);
  return { inside: readEntity(content), signer: expected };
};

type SmimeType = 'signed-data' | 'authEnveloped-data';

const smimeEntity = (type: SmimeType, content: Uint8Array): Entity => ({
  fields: [
    ['Content-Type', `application/pkcs7-mime; smime-type=${type}`],
    ['Content-Transfer-Encoding', 'base64'],
    ['Content-Disposition', 'attachment; filename="smime.p7m"'],
  ],
  body: toBase64Lines(content),
});

/** One part, of one type, in one encoding: there is nothing here that a multipart could hide in. */
const smimeContent = (entity: Entity, type: SmimeType): Buffer => {
  const [mediaType, ...parameters] = fieldOf(entity, 'Content-Type').split(';');
  const smimeTypes = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => /^smime-type=/i.test(parameter))
    .map((parameter) => parameter.slice('smime-type='.length).replaceAll('"', '').toLowerCase());
  if (!/^application\/(x-)?pkcs7-mime$/i.test((mediaType ?? '').trim())) throw malformed('it is not S/MIME');
  if (smimeTypes.length !== 1 || smimeTypes[0] !== type.toLowerCase()) {
    throw malformed(`it is not ${type}`);
  }
  if (fieldOf(entity, 'Content-Transfer-Encoding').toLowerCase() !== 'base64') {
    throw malformed('its body is not base64');
  }
  return fromBase64Lines(entity.body);
};

const tooLong = () => pkiError('mail-too-long', `The mail is longer than ${LONGEST_MAIL} bytes`);
