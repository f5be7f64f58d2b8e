import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, randomId, systemEntropy } from '@postern/core';
import { toStorageError } from './errors.ts';

/**
 * File primitives that survive a crash. Also exported alone (`@postern/storage/files`), for a program that must not link a
 * database.
 */

/** Ends the names of files that a crashed process may leave behind. */
const TEMPORARY_SUFFIX = '.postern-tmp';

/** Files and directories of a data directory are for their owner alone. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/**
 * Makes `directory` and its parents, readable by the owner only; one that exists keeps its mode.
 *
 * @returns whether it is new: nothing is in it
 */
export const makePrivateDirectory = async (directory: string): Promise<boolean> => {
  try {
    return (await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY })) !== undefined;
  } catch (error) {
    throw toStorageError(error, `make directory ${directory}`);
  }
};

/** Makes renames and removals inside `directory` durable. */
export const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Writes a whole file so that after a crash at any point either the old or the new content is there, never a mixture.
 * Durable when the promise resolves.
 *
 * @param options.mode permissions of the file, 0600 unless given
 * @throws PosternError `storage-full`, `storage-failed`
 */
export const writeFileAtomic = async (
  path: string,
  data: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> => {
  const mode = options.mode ?? PRIVATE_FILE;
  const directory = dirname(path);
  // The name has only to be unique: no behaviour depends on it, so it needs no injected entropy.
  const temporary = join(directory, `.${basename(path)}.${randomId(systemEntropy)}${TEMPORARY_SUFFIX}`);
  try {
    const handle = await open(temporary, 'wx', PRIVATE_FILE);
    try {
      await handle.writeFile(data);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncDirectory(directory);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw toStorageError(error, `write ${path}`);
  }
};

/**
 * Removes what {@link writeFileAtomic} left in `directory` when its process was killed. Only for the process that
 * holds the directory's lock.
 *
 * @returns how many files were removed
 */
export const removeTemporaryFiles = async (directory: string): Promise<number> => {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith(TEMPORARY_SUFFIX));
    await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
    return names.length;
  } catch (error) {
    throw toStorageError(error, `clean ${directory}`);
  }
};

/**
 * Makes an empty file with mode 0600 unless it exists, and narrows an existing one to 0600. One that exists is not opened:
 * closing it would drop the locks that this process has on it (POSIX, `fcntl`).
 */
export const makePrivateFile = async (path: string): Promise<void> => {
  try {
    await makeFile(path);
    await chmod(path, PRIVATE_FILE);
    await syncDirectory(dirname(path));
  } catch (error) {
    throw toStorageError(error, `make ${path}`);
  }
};

const makeFile = async (path: string): Promise<void> => {
  try {
    await (await open(path, 'ax', PRIVATE_FILE)).close();
  } catch (error) {
    if (errorCode(error, '') !== 'EEXIST') throw error;
  }
};

/** Resolves `undefined` where `work` fails because a file does not exist. */
export const unlessMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  }
};

/** The file's text, or `undefined` when there is no such file. */
export const readTextFile = (path: string): Promise<string | undefined> =>
  unlessMissing(readFile(path, 'utf8'));

/** Removes a file; one that is not there is no error. Durable when the promise resolves. */
export const removeFile = async (path: string): Promise<void> => {
  await rm(path, { force: true });
  await syncDirectory(dirname(path));
};
