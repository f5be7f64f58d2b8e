import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { PosternError } from '@postern/core';
import { sha256Hex } from '../common/fingerprint.ts';

/**
 * SSH keys in OpenSSH's format (openssh/PROTOCOL.key). Written here and not by ssh2: a device without SFTP need not
 * load that, and of the Ed25519 keys that it makes one in some hundred cannot be read back.
 */

const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');
const KEY_TYPE = 'ssh-ed25519';
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';
const LINE = 70;
const CIPHER_BLOCK = 8;

/** A fresh Ed25519 key, unencrypted. Keep it private (0600): it is what a device is known by. */
export const generateSshHostKey = (): string => {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  const blob = Buffer.concat([field(KEY_TYPE), field(point)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    blob,
    field(Buffer.concat([Buffer.from(d, 'base64url'), point])),
    field(''),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, -secret.length & (CIPHER_BLOCK - 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const content = Buffer.concat([
    MAGIC,
    field('none'),
    field('none'),
    field(''),
    one,
    field(blob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = content.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
};

/**
 * SHA-256 of the public key that belongs to a private one in OpenSSH's format, as 64 hexadecimal digits: what a client is
 * to insist on. (`ssh-keygen -l` shows the same in base64.)
 *
 * @throws PosternError `bulk-identity-unusable`
 */
export const sshHostKeyFingerprint = (privateKey: string): string => sha256Hex(publicBlob(privateKey));

/**
 * The public key that belongs to a private one in OpenSSH's format, as `authorized_keys` lists it.
 *
 * @throws PosternError `bulk-identity-unusable`
 */
export const sshPublicKeyLine = (privateKey: string): string => {
  const blob = publicBlob(privateKey);
  const type = blob.toString('latin1', 4, skipField(blob, 0));
  return `${type} ${blob.toString('base64')}`;
};

/** The public key as it goes over the wire. */
const publicBlob = (privateKey: string): Buffer => {
  const [, base64 = ''] = new RegExp(`${BEGIN}([A-Za-z0-9+/=\\s]+)${END}`).exec(privateKey) ?? [];
  const content = Buffer.from(base64, 'base64');
  if (!content.subarray(0, MAGIC.length).equals(MAGIC)) throw unusable();
  try {
    // Behind cipher, key derivation and its options stands the number of keys, then the public one.
    const start = skipField(content, skipField(content, skipField(content, MAGIC.length))) + 4;
    const end = skipField(content, start);
    if (end > content.length) throw unusable();
    return content.subarray(start + 4, end);
  } catch {
    throw unusable();
  }
};

/** The key's own parts stay out of the message. */
export const unusable = (): PosternError =>
  new PosternError('bulk-identity-unusable', 'The SSH key cannot be read', {
    hint: 'Give an unencrypted private key as `ssh-keygen` writes it.',
  });

const field = (content: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(content as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const skipField = (content: Buffer, at: number): number => at + 4 + content.readUInt32BE(at);
