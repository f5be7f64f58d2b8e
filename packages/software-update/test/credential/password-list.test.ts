import { describe, expect, test } from '@jest/globals';
import { seededEntropy } from '@postern/core/testing';
import {
  bindPassword,
  encodePasswordList,
  LONGEST_PASSWORD_LIST,
  listedEntries,
  MOST_LIST_ENTRIES,
  makePasswordList,
  type PasswordList,
  passwordListEntries,
  readPasswordList,
} from '@postern/software-update';

const names = { deviceId: 'mfp-1', userName: 'site-1' };
const list = makePasswordList(seededEntropy('list'), { ...names, count: 3 });
const [first] = list.entries;
const code = (expected: string) => expect.objectContaining({ code: expected });
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** @spec P1 */
describe('a password list', () => {
  test('is read as it was made, with passwords that FTP carries and keys of 256 bits', () => {
    expect(readPasswordList(encodePasswordList(list))).toEqual(list);
    expect(list).toMatchObject({ format: 1, ...names, list: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(list.entries).toHaveLength(3);
    for (const { password, reportKey } of list.entries) {
      expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(reportKey).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('of the greatest length is short enough to be read', () => {
    const longest = makePasswordList(seededEntropy('long'), { ...names, count: MOST_LIST_ENTRIES });
    expect(encodePasswordList(longest).length).toBeLessThan(LONGEST_PASSWORD_LIST);
  });

  test.each<[string, Uint8Array]>([
    ['that is no JSON', Buffer.from('passwords')],
    ['that is too long', Buffer.alloc(LONGEST_PASSWORD_LIST + 1, ' ')],
    ['of another format', bytes({ ...list, format: 2 })],
    ['with a further field', bytes({ ...list, comment: 'x' })],
    ['without entries', bytes({ ...list, entries: [] })],
    ['with a password twice', bytes({ ...list, entries: [first, first] })],
    ['with a password that can be guessed', bytes({ ...list, entries: [{ ...first, password: 'secret' }] })],
    ['with a short key', bytes({ ...list, entries: [{ ...first, reportKey: 'ab' }] })],
    ['without a key', bytes({ ...list, entries: [{ password: first?.password }] })],
    ['whose name is no identifier', bytes({ ...list, list: 'a.b' })],
    ['of a device without a name', bytes({ ...list, deviceId: '' })],
  ])('%s is refused', (_, file) => {
    expect(() => readPasswordList(file)).toThrow(code('password-list-malformed'));
  });

  test.each([0, 1.5, MOST_LIST_ENTRIES + 1])('of %d entries is not made', (count) => {
    expect(() => makePasswordList(seededEntropy('list'), { ...names, count })).toThrow(
      code('password-list-malformed'),
    );
  });

  test('is kept by the device without its passwords, each bound to device, updater and place', async () => {
    const kept = passwordListEntries(list, listedEntries(list));
    expect(kept).toMatchObject({ list: list.list, userName: 'site-1', size: 3 });
    const expected = (entry: number, from: PasswordList = list): string =>
      bindPassword({ ...names, jobId: `${from.list}.${entry}` }, from.entries[entry]?.password ?? '');
    expect(await kept.entry(2)).toEqual({ digest: expected(2), reportKey: list.entries[2]?.reportKey });
    expect(JSON.stringify(listedEntries(list))).not.toContain(first?.password);
    await expect(kept.entry(3)).rejects.toThrow('no entry 3');
  });
});
