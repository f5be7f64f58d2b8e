import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

const undo: (() => Promise<void>)[] = [];

/** Runs after the test, in reverse order. */
export const afterwards = (work: () => Promise<void>): void => {
  undo.push(work);
};

afterEach(async () => {
  for (const work of undo.splice(0).reverse()) await work();
});

/** An empty directory that is removed after the test. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-testbed-'));
  afterwards(() => rm(directory, { recursive: true, force: true }));
  return directory;
};
