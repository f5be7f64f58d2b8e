import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  type X509Certificate,
} from 'node:crypto';
import type { Entropy } from '@postern/core';
import { pkiError } from '../errors.ts';
import { ALGORITHMS, expectOaep, OIDS } from './algorithms.ts';
import { contentOf, der, Elements, encoded, malformed, readDer } from './der.ts';
import { issuerAndSerial } from './issuer-and-serial.ts';
import type { MailIdentity } from './mail-identity.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

/**
 * AuthEnvelopedData for one recipient (RFC 5083): AES-256-GCM, its key encrypted by RSA-OAEP. Unlike EnvelopedData, whose
 * CBC an attacker can turn into other plaintext and whose PKCS #1 padding tells on itself, it is altered nowhere unnoticed.
 */
export const writeEnvelopedData = (
  content: Uint8Array,
  recipient: X509Certificate,
  entropy: Entropy,
): Buffer => {
  const key = entropy.bytes(KEY_BYTES);
  const nonce = entropy.bytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  const recipientInfo = der.sequence(
    der.integer(0),
    issuerAndSerial(recipient),
    ALGORITHMS.oaep(),
    der.octets(publicEncrypt({ key: recipient.publicKey, ...OAEP }, key)),
  );
  const enveloped = der.sequence(
    der.integer(0),
    der.set(recipientInfo),
    der.sequence(der.oid(OIDS.data), ALGORITHMS.aes256Gcm(nonce, TAG_BYTES), der.taggedOctets(0, encrypted)),
    der.octets(cipher.getAuthTag()),
  );
  return encoded(der.sequence(der.oid(OIDS.authEnvelopedData), der.tagged(0, enveloped)));
};

/**
 * Decrypts AuthEnvelopedData that has one recipient. Whatever fails once the key comes into play is one and the same error.
 *
 * @throws PosternError `mail-malformed`, `mail-not-for-us`, `mail-undecipherable`
 */
export const readEnvelopedData = (bytes: Uint8Array, recipient: MailIdentity): Buffer => {
  const message = Elements.sequence(readDer(bytes));
  if (message.oid() !== OIDS.authEnvelopedData) throw malformed('it is not encrypted with authentication');
  const enveloped = Elements.sequence(message.explicit(0).only());
  message.end();
  if (enveloped.integer() !== 0) throw malformed('it is encrypted by another version of the syntax');
  const encryptedKey = readRecipient(Elements.sequence(enveloped.set().only()), recipient);
  const { nonce, encrypted } = readEncrypted(enveloped.sequence());
  const tag = enveloped.octets();
  enveloped.end();
  if (tag.length !== TAG_BYTES) throw malformed('its authentication tag is not of 16 bytes');
  return decrypt({ encryptedKey, nonce, encrypted, tag }, recipient);
};

const readRecipient = (recipientInfo: Elements, recipient: MailIdentity): Buffer => {
  if (recipientInfo.integer() !== 0)
    throw malformed('its recipient is named by something else than a certificate');
  if (!encoded(recipientInfo.any()).equals(encoded(issuerAndSerial(recipient.certificate)))) {
    throw pkiError('mail-not-for-us', 'The mail is encrypted for another certificate', {
      hint: "Give the sender this node's present mail.pem.",
    });
  }
  expectOaep(recipientInfo.sequence());
  const key = recipientInfo.octets();
  recipientInfo.end();
  return key;
};

const readEncrypted = (info: Elements): { readonly nonce: Buffer; readonly encrypted: Buffer } => {
  if (info.oid() !== OIDS.data) throw malformed('what is encrypted is no data');
  const algorithm = info.sequence();
  if (algorithm.oid() !== OIDS.aes256Gcm) throw malformed('it is not encrypted by AES-256-GCM');
  const parameters = algorithm.sequence();
  algorithm.end();
  const nonce = parameters.octets();
  if (nonce.length !== NONCE_BYTES || parameters.integer() !== TAG_BYTES) {
    throw malformed('nonce or authentication tag are of another length than 12 and 16 bytes');
  }
  parameters.end();
  const encrypted = contentOf(info.tagged(0));
  info.end();
  return { nonce, encrypted };
};

const decrypt = (
  { encryptedKey, nonce, encrypted, tag }: Record<'encryptedKey' | 'nonce' | 'encrypted' | 'tag', Buffer>,
  { privateKey }: MailIdentity,
): Buffer => {
  try {
    const key = privateDecrypt({ key: privateKey, ...OAEP }, encryptedKey);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    // Without a cause, which could tell how far it went.
    throw pkiError('mail-undecipherable', 'The mail was altered, or encrypted with another key');
  }
};
