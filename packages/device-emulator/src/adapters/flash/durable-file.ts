import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '@postern/core';

/**
 * The device's own file primitives. They are here and not taken from the storage package because the compact updater
 * program uses them too, and must not link a database (D5).
 */

/** Devices keep everything for their owner alone. */
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

export const makeDirectory = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY });
};

/** Makes creations, renames and removals inside `directory` durable. */
export const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Replaces a file so that after a power cut either the old or the new content is there; durable on return. There is
 * one writer per device, so the temporary name is fixed and a leftover is simply overwritten.
 */
export const replaceFile = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w', PRIVATE_FILE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
};

/** Removes a file; one that is not there is no error. Durable on return. */
export const removeFile = async (path: string): Promise<void> => {
  await rm(path, { force: true });
  await syncDirectory(dirname(path));
};

/** The file's text, or `undefined` when there is no such file. */
export const readTextFile = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  }
};
