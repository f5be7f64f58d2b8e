import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from '@jest/globals';

const undo: (() => Promise<void>)[] = [];
let shared = false;

/** Runs after the test (or the file, see {@link keepForFile}), in reverse order. */
export const afterwards = (work: () => Promise<void>): void => {
  undo.push(work);
};

const undoAll = async (): Promise<void> => {
  for (const work of undo.splice(0).reverse()) await work();
};

afterEach(async () => {
  if (!shared) await undoAll();
});
afterAll(undoAll);

/** What is opened stays until the last test of the file has ended. */
export const keepForFile = (): void => {
  shared = true;
};

/** An empty directory that is removed after the test. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-testbed-'));
  afterwards(() => rm(directory, { recursive: true, force: true }));
  return directory;
};
