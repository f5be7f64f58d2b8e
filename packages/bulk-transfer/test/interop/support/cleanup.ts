import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, last first. */
export const afterThisTest = (cleanup: () => unknown): void => {
  cleanups.push(cleanup);
};

/** An empty directory that is removed after the test. */
export const temporaryDirectory = async (owner: { uid?: number; gid?: number } = {}): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-interop-'));
  afterThisTest(() => rm(directory, { recursive: true, force: true }));
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(directory, owner.uid, owner.gid);
  return directory;
};
