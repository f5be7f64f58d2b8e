import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemEntropy } from '@postern/core';
import { deviceDirectory, isManufactured } from '@postern/device-emulator';
import { encodePasswordList, makePasswordList } from '@postern/software-update';
import { run } from '../src/main.ts';

let directory = '';
const errors: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  errors.length = 0;
  process.exitCode = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  await rm(directory, { recursive: true });
});

const path = (name: string): string => join(directory, name);

const manufacture = async (id: string, list: string): Promise<number> => {
  await writeFile(path('image.bin'), 'an image');
  const component = `firmware:1.0.0:1:${path('image.bin')}`;
  const words = ['device', 'manufacture', id, '--data-dir', path('devices'), '--component', component];
  await run(['node', 'postern', ...words, '--password-list', list]);
  return Number(process.exitCode ?? 0);
};

/** @spec P1 */
test('a device leaves the factory with its password list, and with nobody else’s', async () => {
  const list = makePasswordList(systemEntropy, { deviceId: 'printer-1', userName: 'site-a', count: 3 });
  await writeFile(path('list'), encodePasswordList(list), { mode: 0o600 });

  expect(await manufacture('printer-2', path('list'))).toBe(1);
  expect(errors.join('')).toContain('password-list-foreign');
  expect(await isManufactured(deviceDirectory(path('devices'), 'printer-2'))).toBe(false);

  process.exitCode = 0;
  expect(await manufacture('printer-1', path('list'))).toBe(0);
  const own = join(deviceDirectory(path('devices'), 'printer-1'), 'password-list.json');
  expect((await stat(own)).mode & 0o777).toBe(0o600);
  const kept = await readFile(own, 'utf8');
  for (const { password, reportKey } of list.entries) {
    expect(kept).not.toContain(password);
    expect(kept).toContain(reportKey);
  }
});
