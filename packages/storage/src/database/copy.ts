import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, Seconds } from '@postern/core';
import Sqlite from 'better-sqlite3';
import { toStorageError } from '../errors.ts';
import { makePrivateDirectory, makePrivateFile, removeFile, syncDirectory } from '../files.ts';
import { openSqliteFile } from '../sqlite-file.ts';

/** Everything in here is for whoever holds the lock of the data directory, while the database is not open. */

const BUSY_TIMEOUT = Seconds(2);

/**
 * The version of a database's schema, as its migrations have left it.
 *
 * @returns undefined when there is no such file
 */
export const schemaVersion = async (path: string): Promise<number | undefined> => {
  try {
    const sqlite = new Sqlite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT });
    try {
      return Number(sqlite.pragma('user_version', { simple: true }));
    } finally {
      sqlite.close();
    }
  } catch (error) {
    if (errorCode(error, '') === 'SQLITE_CANTOPEN') return undefined;
    throw toStorageError(error, `read ${path}`);
  }
};

/**
 * Copies a database, with all that was ever committed to it, into one file of mode 0600; replaces an earlier copy. The
 * copy gets its name when all of it is on the disk.
 *
 * @throws PosternError `storage-full`, `storage-failed`, `database-corrupt`
 */
export const copyDatabase = async (from: string, to: string): Promise<void> => {
  const draft = `${to}.draft`;
  await makePrivateDirectory(dirname(to));
  await rm(draft, { force: true });
  // SQLite writes into an empty file, and so into one that nobody else may read.
  await makePrivateFile(draft);
  const sqlite = await openSqliteFile(from, BUSY_TIMEOUT);
  try {
    sqlite.prepare('VACUUM INTO ?').run(draft);
  } catch (error) {
    throw toStorageError(error, `copy ${from}`);
  } finally {
    sqlite.close();
  }
  const handle = await open(draft, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, to);
  await syncDirectory(dirname(to));
};

/**
 * Puts a copy into the place of its database; the copy is used up. A log of the database that is replaced must not be
 * applied to the copy: it goes first.
 */
export const restoreDatabase = async (copy: string, to: string): Promise<void> => {
  for (const end of ['-wal', '-shm']) await removeFile(`${to}${end}`);
  await rename(copy, to);
  await syncDirectory(dirname(to));
};
