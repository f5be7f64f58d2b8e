import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { systemEntropy } from '@postern/core';
import { corruptSlot } from '@postern/device-emulator';
import {
  encodePasswordList,
  type ListedPasswords,
  makeNonce,
  makePasswordList,
  type PasswordList,
  type UpdateCredential,
  type UsedPassword,
  usedPasswordCode,
} from '@postern/software-update';
import { LOOPBACK, manufacture, type Site, startSite, type TestDevice, UPDATER } from './support/site.ts';
import { release } from './support/software.ts';
import { login, newJob, plainClient, update } from './support/updater.ts';

interface Listed {
  readonly site: Site;
  readonly target: TestDevice;
  readonly list: PasswordList;
  readonly file: string;
}

const newList = (deviceId = 'mfp-1'): PasswordList =>
  makePasswordList(systemEntropy, { deviceId, userName: UPDATER, count: 30 });

const prepared = async (list = newList()): Promise<Listed> => {
  const site = await startSite();
  const file = join(site.directory, 'list.json');
  await writeFile(file, encodePasswordList(list), { mode: 0o600 });
  const target = await manufacture(site, { settings: { plain: LOOPBACK, passwordListFile: file } });
  return { site, target, list, file };
};

const entry = ({ list }: Listed, index: number) => {
  const found = list.entries[index];
  if (found === undefined) throw new TypeError(`No entry ${index}`);
  return found;
};

/** `MarkPasswordUsed` with the code of the entry, or another's. */
const mark = async (listed: Listed, index: number, extra: Partial<UsedPassword> = {}, key = index) => {
  const used = { userName: UPDATER, list: listed.list.list, entry: index, ...extra };
  const { keyRotations: _, ...request } = used;
  const mac = usedPasswordCode(entry(listed, key).reportKey, { ...used, deviceId: 'mfp-1' });
  return plainClient(listed.target).call('MarkPasswordUsed', { ...request, mac });
};

/** @spec P1 */
describe('a device with a password list', () => {
  test('takes the next password, and marks it used for a transfer in plain HTTP', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    expect(await login(listed.target, entry(listed, 0).password)).toBe('accepted');
    const { signedManifest } = release('2.0');
    const order = { signedManifest, nonce: 'ab'.repeat(16), lifetimeSeconds: 60 };
    await expect(mark(listed, 0, order, 1)).rejects.toMatchObject({
      code: 'request-unproved',
      kind: 'client',
    });
    expect(await mark(listed, 0, order)).toEqual({
      list: listed.list.list,
      next: 1,
      remaining: 29,
      manifestChecked: true,
    });
    expect(await login(listed.target, entry(listed, 0).password)).toBe('accepted');
    expect(await mark(listed, 0)).toMatchObject({ next: 1 });
    expect(await login(listed.target, entry(listed, 0).password)).toBe('bulk-login-refused');
    expect(await login(listed.target, entry(listed, 1).password)).toBe('accepted');
  });

  test('never goes back, whatever is carried to it again', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    await mark(listed, 4);
    await listed.target.device.powerOff();
    await listed.target.device.powerOn();
    expect(await login(listed.target, entry(listed, 4).password)).toBe('bulk-login-refused');
    expect(await login(listed.target, entry(listed, 5).password)).toBe('accepted');
  });

  test('keeps no password in the clear, and needs the carried file only once', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    await listed.target.device.powerOff();
    await rm(listed.file);
    const own = join(listed.target.settings.directory, 'password-list.json');
    expect((await stat(own)).mode & 0o777).toBe(0o600);
    expect(await readFile(own, 'utf8')).not.toContain(entry(listed, 0).password);
    await listed.target.device.powerOn();
    expect(await login(listed.target, entry(listed, 0).password)).toBe('accepted');
    expect(JSON.stringify(listed.target.lines)).not.toContain(entry(listed, 0).password);
  });

  /** @spec D5 */
  test('takes its passwords in the updater program, too', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    await listed.target.device.powerOff();
    await corruptSlot(listed.target.settings.directory, 'A');
    await listed.target.device.powerOn();
    expect(listed.target.device.program).toBe('updater-program');
    expect(await login(listed.target, entry(listed, 0).password)).toBe('accepted');
  });

  test('is given a new list in place of the old one', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    await listed.target.device.powerOff();
    const second = newList();
    await writeFile(listed.file, encodePasswordList(second));
    await listed.target.device.powerOn();
    expect(await login(listed.target, entry(listed, 0).password)).toBe('bulk-login-refused');
    expect(await login(listed.target, entry({ ...listed, list: second }, 0).password)).toBe('accepted');
  });

  test.each<[string, (listed: Listed) => Promise<void>, string]>([
    [
      'the list of another device',
      ({ file }) => writeFile(file, encodePasswordList(newList('mfp-2'))),
      'password-list-foreign',
    ],
    ['something else than a list', ({ file }) => writeFile(file, 'rubbish'), 'password-list-malformed'],
    ['no list at all', ({ file }) => rm(file), 'password-list-missing'],
    [
      'a damaged copy',
      async ({ target, file }) => {
        await target.device.powerOn();
        await target.device.powerOff();
        await rm(file);
        await writeFile(join(target.settings.directory, 'password-list.json'), '{}');
      },
      'password-list-damaged',
    ],
  ])('does not start with %s', async (_, arrange, code) => {
    const listed = await prepared();
    await arrange(listed);
    await expect(listed.target.device.powerOn()).rejects.toMatchObject({ code });
  });
});

/** The updater's half of the list, in memory. */
const passwordsOf = (listed: Listed): { readonly entries: number[]; readonly port: ListedPasswords } => {
  const entries: number[] = [];
  let next = 0;
  const entryOf = ({ listEntry }: UpdateCredential): number => listEntry?.entry ?? -1;
  return {
    entries,
    port: {
      next: () => {
        const { password: oneTimePassword, reportKey } = entry(listed, next);
        const endpoint = listed.target.device.bulkPath;
        if (endpoint === undefined) throw new TypeError('The device is off');
        entries.push(next);
        return {
          credential: {
            userName: UPDATER,
            oneTimePassword,
            reportKey,
            nonce: makeNonce(systemEntropy),
            listEntry: { list: listed.list.list, entry: next },
          },
          target: { endpoint, manifestChecked: true, authenticatedReports: true },
        };
      },
      spend: async ({ signedManifest }, credential, use) => {
        const transfer = { signedManifest, nonce: credential.nonce, lifetimeSeconds: 60 };
        const answer = await mark(listed, entryOf(credential), use === 'transfer' ? transfer : {});
        next = Math.max(next, answer.next);
        return { manifestChecked: answer.manifestChecked === true, next: answer.next };
      },
      skip: (_, credential) => {
        next = Math.max(next, entryOf(credential) + 1);
      },
    },
  };
};

/** @spec P1 */
describe('a whole update with a password list', () => {
  const run = async (listed: Listed, port: ListedPasswords) => {
    const software = release('2.0', { length: 200_000 });
    const scheme = { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' } as const;
    const job = { ...newJob(listed.target, software), scheme };
    return update(listed.site, listed.target, software, { job, listedPasswords: port });
  };

  test('uses up one password for the transfer and one for the look afterwards, and no TLS', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    const { entries, port } = passwordsOf(listed);
    const outcome = await run(listed, port);
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.secureRequests).toEqual([]);
    expect(new Set(entries)).toEqual(new Set([0, 1]));
    expect(listed.target.device.versions).toEqual({ firmware: '2.0' });
    for (const used of [0, 1]) {
      expect(await login(listed.target, entry(listed, used).password)).toBe('bulk-login-refused');
    }
  });

  test('hears from the device, which is ahead because an answer was lost, how far', async () => {
    const listed = await prepared();
    await listed.target.device.powerOn();
    await mark(listed, 2);
    const { entries, port } = passwordsOf(listed);
    expect((await run(listed, port)).state.outcome).toEqual({ state: 'verified' });
    expect(new Set(entries)).toEqual(new Set([0, 3, 4]));
  });
});
