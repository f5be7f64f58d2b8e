import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { device } from '@postern/contracts';
import { errorCode, PosternError } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  encodePasswordList,
  type ListedPasswords,
  makePasswordList,
  type UpdateJob,
  usedPasswordCode,
} from '@postern/software-update';
import { type DatabaseStores, openDatabaseStores } from '../../../src/adapters/database/stores.ts';
import { adoptLists } from '../../../src/domain/password-lists/adopt-lists.ts';
import { listedPasswords, requirePasswords } from '../../../src/domain/password-lists/listed-passwords.ts';
import { learnVersions, registerConfigured } from '../../../src/domain/schemes/configured-devices.ts';
import { afterThisTest, temporaryDirectory } from '../../support/directory.ts';
import { job as makeJob, UPDATER } from '../../support/process.ts';
import { deviceInformation, START } from '../../support/software.ts';

const clock = new VirtualClock(START);
const logger = memoryLogger();
const never = new AbortController().signal;
const list = (count: number, seed = 'list', deviceId = 'meter-1') =>
  makePasswordList(seededEntropy(seed), { deviceId, userName: UPDATER, count });

let directory: string;
let database: DatabaseStores;

const open = async (): Promise<void> => {
  database = await openDatabaseStores(join(directory, 'intermediary.db'), { clock, logger });
  const opened = database;
  afterThisTest(() => opened.close());
};

beforeEach(async () => {
  logger.lines.length = 0;
  directory = await temporaryDirectory();
  await open();
});

const store = () => database.stores.passwordLists;

const job = (): UpdateJob => ({
  ...makeJob('job-1', 'meter-1', clock),
  scheme: { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' },
});

interface Site {
  readonly passwords: ListedPasswords;
  readonly requests: device.MarkPasswordUsed[];
  readonly remarks: string[];
}

const site = (answer: Partial<device.MarkPasswordUsedResponse> | 'unreachable' = {}): Site => {
  const requests: device.MarkPasswordUsed[] = [];
  const remarks: string[] = [];
  database.stores.devices.register(deviceInformation('meter-1'), '192.0.2.7', START);
  const passwords = listedPasswords({
    store: store(),
    devices: database.stores.devices,
    markPasswordUsed: async (_deviceId, request) => {
      requests.push(request);
      if (answer === 'unreachable') throw new PosternError('unreachable', 'No');
      const { list: id, entry } = request;
      return { list: id, next: entry + 1, remaining: 1, manifestChecked: true, ...answer };
    },
    onRemark: (_jobId, text) => remarks.push(text),
    clock,
    entropy: seededEntropy('nonces'),
    logger,
  });
  return { passwords, requests, remarks };
};

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return errorCode(error, 'none');
  }
  return 'nothing thrown';
};

/** @spec P1 */
test('passwords are taken in the order of the list, each marked with a code under its own report key', async () => {
  const made = list(20);
  store().adopt(made);
  const { passwords, requests } = site();
  const first = passwords.next(job());
  expect(first.credential).toMatchObject({
    userName: UPDATER,
    oneTimePassword: made.entries[0]?.password,
    reportKey: made.entries[0]?.reportKey,
    listEntry: { list: made.list, entry: 0 },
  });
  expect(first.target).toEqual({
    endpoint: { host: '127.0.0.1', port: 2_121 },
    manifestChecked: false,
    authenticatedReports: true,
  });
  // Taken twice, it is the same one.
  expect(passwords.next(job()).credential.listEntry).toEqual(first.credential.listEntry);

  expect(await passwords.spend(job(), first.credential, 'transfer', never)).toEqual({
    manifestChecked: true,
    next: 1,
  });
  const second = passwords.next(job());
  expect(second.credential.listEntry).toEqual({ list: made.list, entry: 1 });
  await passwords.spend(job(), second.credential, 'over', never);
  expect(
    requests.map(({ signedManifest, lifetimeSeconds }) => [signedManifest !== undefined, lifetimeSeconds]),
  ).toEqual([
    [true, 3_900],
    [false, undefined],
  ]);
  for (const [index, { mac, ...used }] of requests.entries()) {
    const key = made.entries[index]?.reportKey ?? '';
    expect(mac).toBe(
      usedPasswordCode(key, { deviceId: 'meter-1', ...(used as Omit<typeof used, 'keyRotations'>) }),
    );
  }
  expect(JSON.stringify(requests)).not.toContain(first.credential.oneTimePassword);
});

/** @spec P1 X6 */
test('a password is used up only once the device was told, and stays so after a restart', async () => {
  store().adopt(list(20));
  const cut = site('unreachable');
  const { credential } = cut.passwords.next(job());
  expect(await codeOf(() => cut.passwords.spend(job(), credential, 'over', never))).toBe('unreachable');
  expect(store().use('meter-1')).toMatchObject({ remaining: 20 });
  for (const wrong of [{ next: 0 }, { list: 'another' }]) {
    expect(await codeOf(() => site(wrong).passwords.spend(job(), credential, 'over', never))).toBe(
      'response-invalid',
    );
  }
  expect(store().use('meter-1')).toMatchObject({ remaining: 20 });
  await site().passwords.spend(job(), credential, 'over', never);
  database.close();
  await open();
  expect(store().use('meter-1')).toMatchObject({ remaining: 19 });
  expect(store().next('meter-1')?.entry).toBe(1);
});

/** @spec P1 */
test('entries that are given up are used up with those behind them, as far as the list goes', () => {
  store().adopt(list(20));
  const { passwords } = site();
  const { credential } = passwords.next(job());
  passwords.skip(job(), credential);
  expect(store().next('meter-1')?.entry).toBe(1);
  passwords.skip(job(), credential, 4);
  passwords.skip(job(), credential, 2);
  expect(store().next('meter-1')?.entry).toBe(5);
  passwords.skip(job(), credential, 400);
  expect(store().use('meter-1')).toMatchObject({ size: 20, remaining: 0 });
});

/** @spec P1 */
test('a position never falls: not by an older mark, nor by the same list again, nor by one that comes back', () => {
  const [one, other] = [list(20, 'one'), list(20, 'other')];
  expect([store().adopt(one), store().adopt(one)]).toEqual([true, false]);
  store().markUsed(one.list, 5);
  store().markUsed(one.list, 2);
  expect(store().adopt(one)).toBe(false);
  expect(store().next('meter-1')?.entry).toBe(6);
  expect(store().adopt(other)).toBe(true);
  expect(store().next('meter-1')).toMatchObject({ list: other.list, entry: 0 });
  expect(store().adopt(one)).toBe(true);
  expect(store().next('meter-1')).toMatchObject({ list: one.list, entry: 6 });
  expect(store().use('meter-2')).toBeUndefined();
});

/** @spec P1 */
test('from the last tenth on operators are told; without a password left an order is refused', async () => {
  const made = list(20);
  store().adopt(made);
  const { passwords, remarks } = site();
  store().markUsed(made.list, 15);
  passwords.skip(job(), passwords.next(job()).credential);
  expect(remarks).toEqual([]);
  await passwords.spend(job(), passwords.next(job()).credential, 'over', never);
  expect(remarks).toEqual(['2 of 20 passwords of the list are left: bring a new list']);
  expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  requirePasswords(store(), 'meter-1');
  passwords.skip(job(), passwords.next(job()).credential);
  // One is enough for neither the transfer and the reading after it, nor nothing.
  expect(await codeOf(() => requirePasswords(store(), 'meter-1'))).toBe('password-list-exhausted');
  passwords.skip(job(), passwords.next(job()).credential);
  expect(await codeOf(() => passwords.next(job()))).toBe('password-list-exhausted');
  expect(await codeOf(() => requirePasswords(store(), 'meter-2'))).toBe('password-list-missing');
});

/** @spec P1 */
test('configured lists are taken over, and need their file only once', async () => {
  const made = list(3);
  const config = { scheme: {}, devices: { 'meter-1': { passwordListFile: 'l.json' } } };
  const adopt = (bytes: Uint8Array | undefined) =>
    codeOf(() => adoptLists(config, { store: store(), name: UPDATER, readFile: async () => bytes, logger }));
  expect(await adopt(undefined)).toBe('config-invalid');
  expect(await adopt(encodePasswordList(list(3, 'x', 'meter-2')))).toBe('config-invalid');
  expect(await adopt(encodePasswordList({ ...made, userName: 'site-b' }))).toBe('config-invalid');
  expect(await adopt(Buffer.from('{}'))).toBe('password-list-malformed');
  expect(store().use('meter-1')).toBeUndefined();
  expect(await adopt(encodePasswordList(made))).toBe('nothing thrown');
  expect(await adopt(undefined)).toBe('nothing thrown');
  expect(store().use('meter-1')).toMatchObject({ list: made.list, remaining: 3 });
  expect(JSON.stringify(logger.lines)).not.toContain(made.entries[0]?.password);
});

/** @spec P1 */
test('a device without TLS is registered by configuration, and the list of devices changes only with it', () => {
  const { devices } = database.stores;
  const at = (bulkPort: number) => ({
    scheme: {},
    devices: {
      'meter-1': {
        address: {
          host: '192.0.2.7',
          bulkPort,
          plainPort: 8_080,
          model: 'Meter 1',
          components: { firmware: '1.0' },
        },
      },
    },
  });
  const installed = () => devices.get('meter-1')?.information.components.item;
  registerConfigured(at(2_121), devices, START);
  registerConfigured(at(2_121), devices, START);
  expect(devices.revision()).toBe(1);
  expect(devices.get('meter-1')).toMatchObject({
    address: '192.0.2.7',
    information: { model: 'Meter 1', plainPath: { host: '192.0.2.7', port: 8_080 } },
  });
  registerConfigured(at(2_122), devices, START);
  expect(devices.get('meter-1')?.information.bulkPath).toEqual({ host: '192.0.2.7', port: 2_122 });
  // What its reports say counts from then on; other devices speak for themselves.
  expect(installed()).toEqual([{ component: 'firmware', version: '1.0' }]);
  const learn = (deviceId: string) => learnVersions(at(2_122), devices, deviceId, { firmware: '2.0' }, START);
  expect([learn('meter-1'), learn('meter-1'), learn('mfp-1')]).toEqual([true, false, false]);
  registerConfigured(at(2_122), devices, START);
  expect(installed()).toEqual([{ component: 'firmware', version: '2.0' }]);
});
