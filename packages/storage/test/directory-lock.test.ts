import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockDirectory, requireUnlocked } from '@postern/storage';
import { killHard, startChild } from './support/child.ts';
import { temporaryDirectory } from './support/directory.ts';

test('a directory has one owner at a time', async () => {
  const directory = await temporaryDirectory();
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: 'directory-in-use',
    hint: expect.stringContaining('Stop the other process'),
  });
  lock.release();
  lock.release();
  (await lockDirectory(directory)).release();
});

test('whether a directory is free can be asked, which leaves no trace', async () => {
  const directory = await temporaryDirectory();
  await requireUnlocked(directory);
  await requireUnlocked(join(directory, 'absent'));
  expect(await readdir(directory)).toEqual([]);
  const lock = await lockDirectory(directory);
  await expect(requireUnlocked(directory)).rejects.toMatchObject({ code: 'directory-in-use' });
  lock.release();
  await requireUnlocked(directory);
});

test('who asks twice does not lose it to another process', async () => {
  const directory = await temporaryDirectory();
  const lock = await lockDirectory(directory);
  await expect(requireUnlocked(directory)).rejects.toMatchObject({ code: 'directory-in-use' });
  expect((await startChild('hold-lock.mjs', [directory])).firstLine).toBe('directory-in-use');
  lock.release();
});

/** @spec X6 */
test('the lock of a killed process is gone with it', async () => {
  const directory = await temporaryDirectory();
  const { child } = await startChild('hold-lock.mjs', [directory]);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'directory-in-use' });
  await killHard(child);
  (await lockDirectory(directory)).release();
});
