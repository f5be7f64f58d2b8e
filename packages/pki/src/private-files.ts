import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, randomId, systemEntropy } from '@postern/core';
import { pkiError } from './errors.ts';

const OWNER_ONLY = 0o600;
const EVERYBODY = 0o644;
const OTHERS = 0o077;

/** Makes a directory that only its owner can enter; one that exists keeps its mode. */
export const makePrivateDirectory = async (directory: string): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
};

/** Replaces a file of mode 0600 as a whole, durably. */
export const replacePrivateFile = (path: string, text: string): Promise<void> =>
  withTemporary(path, text, (temporary) => rename(temporary, path));

/**
 * Replaces files of one directory, of mode 0600, one after the other in this order; all are durable on return. After a
 * crash some may be new and the rest old.
 */
export const replacePrivateFiles = async (
  directory: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> => {
  for (const { path, text } of files) await placeFile(path, text, (temporary) => rename(temporary, path));
  await syncDirectory(directory);
};

/** Replaces a file that everybody may read as a whole, durably. */
export const replacePublicFile = (path: string, text: string): Promise<void> =>
  withTemporary(path, text, (temporary) => rename(temporary, path), EVERYBODY);

/** Makes a file of mode 0600 as a whole, unless another process was first. */
export const createPrivateFile = (path: string, text: string): Promise<void> =>
  withTemporary(path, text, async (temporary) => {
    await link(temporary, path).catch((error: unknown) => {
      if (errorCode(error, '') !== 'EEXIST') throw error;
    });
    await rm(temporary);
  });

/** @returns the text, or undefined when the file does not exist */
export const readText = async (path: string): Promise<string | undefined> => {
  const file = await openExisting(path);
  return file?.readFile('utf8').finally(() => file.close());
};

/**
 * Reads a file that holds a private key.
 *
 * @returns the text, or undefined when the file does not exist
 * @throws PosternError `key-too-open` when its group or others may read or write it
 */
export const readPrivateText = async (path: string): Promise<string | undefined> => {
  const file = await openExisting(path);
  if (file === undefined) return undefined;
  try {
    if (((await file.stat()).mode & OTHERS) !== 0) {
      throw pkiError('key-too-open', `Others than its owner may use the private key ${path}`, {
        hint: `Run chmod 600 ${path}, and replace the key if others had access to this machine.`,
      });
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
};

const openExisting = (path: string) =>
  open(path, 'r').catch((error: unknown) => {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  });

const withTemporary = async (
  path: string,
  text: string,
  place: (temporary: string) => Promise<void>,
  mode = OWNER_ONLY,
): Promise<void> => {
  await placeFile(path, text, place, mode);
  await syncDirectory(dirname(path));
};

/** Durable once its directory is synced. */
const placeFile = async (
  path: string,
  text: string,
  place: (temporary: string) => Promise<void>,
  mode = OWNER_ONLY,
): Promise<void> => {
  // The name has only to be unique: no behaviour depends on it, so it needs no injected entropy.
  const temporary = `${path}.${randomId(systemEntropy)}.postern-tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
};
