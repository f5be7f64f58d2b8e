import { type Entropy, randomId } from '@postern/core';
import { strictJson } from '../manifest/strict-json.ts';
import type { ListedEntry, PasswordListEntries } from '../ports/target-ports.ts';
import { bindPassword, credentialId } from './one-time-password.ts';

/**
 * A password list as people carry it to both sides, in the clear: a file that its owner alone may read.
 *
 * @spec P1
 */
export interface PasswordList {
  readonly format: 1;
  /** Identifier, unique for ever. */
  readonly list: string;
  /** The updater. */
  readonly userName: string;
  readonly deviceId: string;
  readonly entries: readonly { readonly password: string; readonly reportKey: string }[];
}

/** A list has at most this many entries. */
export const MOST_LIST_ENTRIES = 10_000;

/** A longer file, in bytes, is no password list. */
export const LONGEST_PASSWORD_LIST = 4 * 1_048_576;

/** No dot, and short enough that `LIST.ENTRY` is an identifier. */
const LIST = /^[A-Za-z0-9_-]{1,48}$/;
const NODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** As FTP carries it; 22 random characters of base64 have 128 bits. Guessing is left to nobody. */
const PASSWORD = /^[!-~]{22,128}$/;
const REPORT_KEY = /^[0-9a-f]{64}$/;
const json = strictJson('password-list-malformed');

/**
 * Makes a list: per entry a password and a report key of 256 random bits each.
 *
 * @throws PosternError `password-list-malformed` for names or a count that no list may have
 */
export const makePasswordList = (
  entropy: Entropy,
  { deviceId, userName, count }: { deviceId: string; userName: string; count: number },
): PasswordList => {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_LIST_ENTRIES) {
    throw json.refused(`A list has 1 to ${MOST_LIST_ENTRIES} entries`);
  }
  const entries = Array.from({ length: count }, () => ({
    password: Buffer.from(entropy.bytes(32)).toString('base64url'),
    reportKey: Buffer.from(entropy.bytes(32)).toString('hex'),
  }));
  return readPasswordList(
    encodePasswordList({ format: 1, list: randomId(entropy), userName, deviceId, entries }),
  );
};

/** The file's bytes. */
export const encodePasswordList = (list: PasswordList): Uint8Array =>
  Buffer.from(`${JSON.stringify(list)}\n`, 'utf8');

/**
 * Reads a password list's file.
 *
 * @spec P1
 * @throws PosternError `password-list-malformed`
 */
export const readPasswordList = (bytes: Uint8Array): PasswordList => {
  if (bytes.length > LONGEST_PASSWORD_LIST) throw json.refused('The file is too long for a password list');
  const root = json.object(json.parse(bytes, 'the list'), 'list', [
    'format',
    'list',
    'userName',
    'deviceId',
    'entries',
  ]);
  if (root['format'] !== 1) throw json.refused('format must be 1');
  const entries = json.list(root['entries'], 'entries', 1, MOST_LIST_ENTRIES).map((item) => {
    const { password, reportKey } = json.object(item, 'entry', ['password', 'reportKey']);
    return {
      password: json.text(password, 'password', PASSWORD),
      reportKey: json.text(reportKey, 'reportKey', REPORT_KEY),
    };
  });
  if (new Set(entries.map(({ password }) => password)).size !== entries.length) {
    throw json.refused('a password stands in the list twice');
  }
  return {
    format: 1,
    list: json.text(root['list'], 'list', LIST),
    userName: json.text(root['userName'], 'userName', NODE),
    deviceId: json.text(root['deviceId'], 'deviceId', NODE),
    entries,
  };
};

/** The digest under which a device keeps a listed password: {@link bindPassword} with the place in place of a job. */
export const listedDigest = (
  { deviceId, userName, list }: Pick<PasswordList, 'deviceId' | 'userName' | 'list'>,
  entry: number,
  password: string,
): string => {
  const jobId = credentialId('', { listEntry: { list, entry } });
  return bindPassword({ deviceId, userName, jobId }, password);
};

/** What a device keeps of a list: no password in the clear. */
export const listedEntries = (list: PasswordList): readonly ListedEntry[] =>
  list.entries.map(({ password, reportKey }, entry) => ({
    digest: listedDigest(list, entry, password),
    reportKey,
  }));

/** The target's port to a list whose entries are held in memory. */
export const passwordListEntries = (
  { list, userName }: Pick<PasswordList, 'list' | 'userName'>,
  entries: readonly ListedEntry[],
): PasswordListEntries => ({
  list,
  userName,
  size: entries.length,
  entry: async (index) => {
    const found = entries[index];
    if (found === undefined) throw new RangeError(`The list has no entry ${index}`);
    return found;
  },
});
