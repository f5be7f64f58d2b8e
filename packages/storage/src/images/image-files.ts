import { readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Instant } from '@postern/core';
import { unlessMissing } from '../files.ts';
import { isDigest } from './digest.ts';

/**
 * The directory of an image store: `<sha256>` is a complete image, `<sha256>.partial` one that is being received or
 * was interrupted. A file's modification time is when it was last used, so that nothing else has to be kept in step.
 */
export interface StoredFile {
  readonly sha256: string;
  readonly partial: boolean;
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  readonly lastUsed: Instant;
}

const PARTIAL = '.partial';

export const imagePath = (directory: string, sha256: string): string => join(directory, sha256);
export const partialPath = (directory: string, sha256: string): string =>
  join(directory, `${sha256}${PARTIAL}`);

/** Every image and every partial image; files with other names are not the store's. */
export const storedFiles = async (directory: string): Promise<StoredFile[]> => {
  const files: StoredFile[] = [];
  for (const name of await readdir(directory)) {
    const file = await storedFile(directory, name);
    if (file !== undefined) files.push(file);
  }
  return files;
};

/** One of them by its file name. */
export const storedFile = async (directory: string, name: string): Promise<StoredFile | undefined> => {
  const partial = name.endsWith(PARTIAL);
  const sha256 = partial ? name.slice(0, -PARTIAL.length) : name;
  if (!isDigest(sha256)) return undefined;
  const path = join(directory, name);
  const found = await unlessMissing(stat(path));
  if (found === undefined || !found.isFile()) return undefined;
  return {
    sha256,
    partial,
    path,
    length: found.size,
    lastUsed: Instant(Math.round(found.mtimeMs)),
  };
};

/** Notes that a file was used; one that has been removed meanwhile is no error. */
export const markUsed = async (path: string, at: Instant): Promise<void> => {
  await unlessMissing(utimes(path, at / 1_000, at / 1_000));
};

/** Removes a file; one that does not exist is no error. */
export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** Bytes that this user may still write on the disk that holds `directory`. */
export const freeDiskBytes = async (directory: string): Promise<number> => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};
