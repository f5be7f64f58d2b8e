import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { removeTemporaryFiles, writeFileAtomic } from '@postern/storage';
import { temporaryDirectory } from './support/directory.ts';

test('a file is replaced as a whole and leaves nothing beside it', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'settings.json');
  await writeFileAtomic(path, 'old');
  await writeFileAtomic(path, 'new', { mode: 0o640 });
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(directory)).toEqual(['settings.json']);
});

test('a file is private unless said otherwise', async () => {
  const path = join(await temporaryDirectory(), 'secret');
  await writeFileAtomic(path, new Uint8Array([1, 2]));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a write that fails has a code, keeps the old content and leaves nothing beside it', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'settings.json');
  await mkdir(path);
  await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject({
    code: 'storage-failed',
    cause: expect.objectContaining({ code: 'EISDIR' }),
  });
  expect(await readdir(directory)).toEqual(['settings.json']);
});

test('what a crashed process left is removed, other files stay', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, '.settings.json.0123.postern-tmp'), 'half');
  await writeFile(join(directory, 'settings.json'), 'whole');
  expect(await removeTemporaryFiles(directory)).toBe(1);
  expect(await readdir(directory)).toEqual(['settings.json']);
});
