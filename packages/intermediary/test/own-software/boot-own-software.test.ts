import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Milliseconds, silentLogger } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { factoryRecord, generateVendorKey, type Slot, switchOver } from '@postern/software-update';
import { lockDirectory } from '@postern/storage';
import { parseConfig } from '../../src/config.ts';
import { bootOwnSoftware, lockOwnSoftware } from '../../src/own-software/boot-own-software.ts';
import { type OwnFiles, openOwnFiles, ownDirectory } from '../../src/own-software/own-files.ts';
import { afterThisTest, temporaryDirectory } from '../support/directory.ts';
import { START } from '../support/software.ts';
import { componentOf, fillSlot, programOf } from './programs.ts';

const RUNS_ON = new AbortController().signal;

const prepared = async () => {
  const dataDir = await temporaryDirectory();
  const vendorKey = join(dataDir, 'vendor.pub');
  await writeFile(vendorKey, generateVendorKey().publicKeyPem);
  const config = parseConfig({
    dataDir,
    identityDir: dataDir,
    secure: { port: 0 },
    notice: { port: 0 },
    vendorKeyFiles: [vendorKey],
    ownSoftware: { bulk: { port: 0 } },
  });
  const { ownSoftware } = config;
  if (ownSoftware === undefined) throw new TypeError('It is configured');
  const clock = new VirtualClock(START);
  const options = { config, ownSoftware, clock, logger: silentLogger };
  return {
    dataDir,
    clock,
    boot: (installedVersion = '1.0.0') => bootOwnSoftware({ ...options, installedVersion }, RUNS_ON),
    /** What the program that runs does to the disk. */
    asProgram: async (work: (files: OwnFiles) => Promise<void>) => {
      const files = await openOwnFiles({ dataDir, mostBytes: 1_000_000, installedVersion: '1.0.0' });
      await work(files);
      await files.close();
    },
    damage: async (slot: Slot) => {
      const path = join(ownDirectory(dataDir), 'slots', slot, 'intermediary.img');
      const image = await readFile(path);
      await writeFile(path, image.fill(1, 0, 1));
    },
  };
};

const install =
  (slot: Slot, version: string, image = programOf(version)) =>
  async (files: OwnFiles): Promise<void> => {
    await fillSlot(files, slot, componentOf(version, image, 7), image);
    const record = (await files.memory.load()) ?? factoryRecord({ intermediary: 0 });
    await files.memory.save({ ...record, boot: switchOver(slot) });
  };

const commit = async ({ memory }: OwnFiles): Promise<void> => {
  const record = await memory.load();
  if (record === undefined) throw new TypeError('Nothing was booted yet');
  await memory.save({
    ...record,
    boot: { ...record.boot, phase: 'committed' },
    releaseCounters: { intermediary: 7 },
  });
};

/** @spec U21 X4 */
describe('the launcher of an intermediary starts', () => {
  test('the installed package at first', async () => {
    const { boot } = await prepared();
    expect(await boot()).toEqual({ version: '1.0.0', main: undefined, trial: false });
  });

  test('a new program twice, and then the installed one', async () => {
    const { boot, asProgram } = await prepared();
    await boot();
    await asProgram(install('B', '2.0.0'));
    const trial = { version: '2.0.0', main: expect.stringMatching(/lib\/main\.mjs$/), trial: true };
    expect([await boot(), await boot()]).toEqual([trial, trial]);
    expect(await boot()).toEqual({ version: '1.0.0', main: undefined, trial: false });
    expect(await boot()).toMatchObject({ version: '1.0.0', trial: false });
  });

  test('the update before when a further one fails, also one that cannot be unpacked', async () => {
    const { boot, asProgram } = await prepared();
    await boot();
    await asProgram(install('B', '2.0.0'));
    await boot();
    await asProgram(commit);
    await asProgram(install('A', '3.0.0', Buffer.from('no program')));
    expect(await boot()).toMatchObject({ version: '2.0.0', trial: false });
  });

  test('the installed package when a slot decays, and when both do', async () => {
    const { boot, asProgram, damage } = await prepared();
    await boot();
    await asProgram(install('B', '2.0.0'));
    await boot();
    await asProgram(commit);
    await damage('B');
    expect(await boot()).toMatchObject({ version: '1.0.0', main: undefined });
    await asProgram(install('A', '3.0.0'));
    await boot();
    await asProgram(commit);
    await damage('A');
    expect(await boot()).toMatchObject({ version: '1.0.0', main: undefined });
  });

  test('a package that was installed by hand since, in place of what is in the slots', async () => {
    const { boot, asProgram } = await prepared();
    await boot();
    await asProgram(install('B', '2.0.0'));
    await boot();
    await asProgram(commit);
    expect(await boot()).toMatchObject({ version: '2.0.0' });
    expect(await boot('1.5.0')).toEqual({ version: '1.5.0', main: undefined, trial: false });
    expect(await boot('1.5.0')).toMatchObject({ version: '1.5.0' });
  });

  test('nothing while a program runs that somebody else has started', async () => {
    const { dataDir, clock, boot } = await prepared();
    const lock = await lockDirectory(dataDir);
    afterThisTest(() => lock.release());
    const refused = expect(boot()).rejects.toMatchObject({ code: 'deadline-exceeded' });
    for (let tries = 0; tries < 250; tries += 1) await clock.advance(Milliseconds(100));
    await refused;
  });

  test('nothing beside another launcher', async () => {
    const { dataDir } = await prepared();
    const lock = await lockOwnSoftware(dataDir);
    afterThisTest(() => lock.release());
    await expect(lockOwnSoftware(dataDir)).rejects.toMatchObject({ code: 'directory-in-use' });
  });
});
