import { expect, test } from '@jest/globals';
import { lockDirectory } from '@postern/storage';
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

/** @spec X6 */
test('the lock of a killed process is gone with it', async () => {
  const directory = await temporaryDirectory();
  const { child } = await startChild('hold-lock.mjs', [directory]);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'directory-in-use' });
  await killHard(child);
  (await lockDirectory(directory)).release();
});
