import { createPublicKey } from 'node:crypto';
import { PosternError } from '@postern/core';
import ssh2, { type ParsedKey } from 'ssh2';
import { sha256Hex } from '../common/fingerprint.ts';

/** Codes of errors thrown when a list of SSH keys is read. */
export type AuthorizedKeysCode = 'authorized-keys-invalid';

/** A public key that opens a door. */
export interface AuthorizedKey {
  /** SHA-256 of the key as it goes over the wire, 64 hexadecimal digits. (`ssh-keygen -l` shows the same in base64.) */
  readonly fingerprint: string;
  readonly type: string;
  /** Whose it is, says the list. */
  readonly comment: string;
  /** As it goes over the wire. */
  readonly blob: Buffer;
  readonly verify: ParsedKey['verify'];
}

const LONGEST_TEXT = 256 * 1_024;
const MOST_KEYS = 256;
const LONGEST_COMMENT = 100;
/** Bits; shorter RSA keys have been factored, or will be. */
const SHORTEST_RSA = 2_048;

const TYPES: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];

/**
 * Reads a list of public keys as OpenSSH's `authorized_keys` has them: `TYPE BASE64 COMMENT`, one a line; empty lines and
 * those that begin with `#` are passed over. Options before the type are refused: what they restrict would not be.
 *
 * @throws PosternError `authorized-keys-invalid`, naming the line
 */
export const parseAuthorizedKeys = (text: string): readonly AuthorizedKey[] => {
  if (text.length > LONGEST_TEXT) throw invalid(`The list is longer than ${LONGEST_TEXT} bytes`);
  const keys = text.split(/\r?\n/).flatMap((line, index) => {
    const content = line.trim();
    return content === '' || content.startsWith('#') ? [] : [parseLine(content, index + 1)];
  });
  if (keys.length > MOST_KEYS) throw invalid(`The list has more than ${MOST_KEYS} keys`);
  return keys;
};

const parseLine = (line: string, number: number): AuthorizedKey => {
  const [type = '', base64 = '', ...rest] = line.split(/[ \t]+/);
  if (!TYPES.includes(type)) throw invalid(`Line ${number} ${whatIsWrong(line, type)}`);
  const key = readKey(`${type} ${base64}`);
  if (key === undefined || key.type !== type) throw invalid(`Line ${number} has a damaged key`);
  if (isShortRsa(key)) throw invalid(`Line ${number} has an RSA key of less than ${SHORTEST_RSA} bits`);
  const blob = key.getPublicSSH();
  return {
    fingerprint: sha256Hex(blob),
    type,
    comment: rest
      .join(' ')
      .replace(/\p{Cc}/gu, '')
      .slice(0, LONGEST_COMMENT),
    blob,
    verify: (data, signature, hash) => key.verify(data, signature, hash),
  };
};

const whatIsWrong = (line: string, type: string): string => {
  if (line.includes('PRIVATE KEY')) return 'is of a private key';
  if (/^(?:ssh-dss|sk-|\S+-cert-v01@)/.test(type)) return 'has a key of a kind that is not taken';
  return TYPES.some((known) => line.includes(`${known} `)) ? 'has options' : 'is no public key';
};

const readKey = (line: string): ParsedKey | undefined => {
  try {
    // An Error, or a list for formats that hold several, where it is not one key.
    const key: unknown = ssh2.utils.parseKey(line);
    return isParsed(key) && !key.isPrivateKey() ? key : undefined;
  } catch {
    return undefined;
  }
};

const isParsed = (key: unknown): key is ParsedKey =>
  typeof key === 'object' && key !== null && 'getPublicSSH' in key;

const isShortRsa = (key: ParsedKey): boolean =>
  key.type === 'ssh-rsa' &&
  (createPublicKey(key.getPublicPEM()).asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_RSA;

const invalid = (message: string): PosternError<AuthorizedKeysCode> =>
  new PosternError('authorized-keys-invalid', message, {
    hint: 'Write public keys as `ssh-keygen` makes them (Ed25519, ECDSA, or RSA of 2048 bits or more), one a line, without options.',
  });
