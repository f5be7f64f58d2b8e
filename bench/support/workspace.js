import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {Set<string>} */
const directories = new Set();

/** A directory of this run's own, gone when the run ends. */
export const makeDirectory = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  directories.add(directory);
  return directory;
};

/** Removes all of them. Children that write into them must have ended. */
export const removeDirectories = () => {
  for (const directory of directories) {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  directories.clear();
};
