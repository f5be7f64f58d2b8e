import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, Milliseconds } from '@postern/core';
import { storageError, toStorageError } from './errors.ts';
import { unlessMissing } from './files.ts';
import { openSqliteFile } from './sqlite-file.ts';

/** Held until released or until the process ends, however it ends. */
export interface DirectoryLock {
  /** Doing so twice does nothing. */
  release(): void;
}

const LOCK = 'lock.db';

/**
 * Whether {@link lockDirectory} would succeed now. A directory that nobody has worked in yet is left as it is; it need not exist.
 *
 * @throws PosternError `directory-in-use`
 */
export const requireUnlocked = async (directory: string): Promise<void> => {
  const used = await unlessMissing(access(join(directory, LOCK)).then(() => true));
  if (used) (await lockDirectory(directory)).release();
};

/**
 * Makes this process the only one that works in `directory`. The lock is SQLite's exclusive lock on an empty database,
 * which the operating system drops when the process dies, so that a killed process never leaves a stale lock.
 *
 * @throws PosternError `directory-in-use` when another process, or another part of this one, holds it
 * @spec X6
 */
export const lockDirectory = async (directory: string): Promise<DirectoryLock> => {
  const sqlite = await openSqliteFile(join(directory, LOCK), Milliseconds(0));
  try {
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite.close();
    if (!errorCode(error, '').startsWith('SQLITE_BUSY')) throw toStorageError(error, `lock ${directory}`);
    throw storageError('directory-in-use', `Another process works in ${directory}`, {
      cause: error,
      hint: 'Stop the other process, or give this one a data directory of its own.',
    });
  }
  return { release: () => sqlite.close() };
};
