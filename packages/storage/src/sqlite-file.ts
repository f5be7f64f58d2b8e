import { dirname } from 'node:path';
import type { Duration } from '@postern/core';
import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3';
import { toStorageError } from './errors.ts';
import { makePrivateDirectory, makePrivateFile } from './files.ts';

/** A database that lives and dies with its process: for simulations. */
const IN_MEMORY = ':memory:';

/**
 * Opens a database file of mode 0600, making it and its directory when they do not exist.
 *
 * @param busyTimeout how long a statement waits for another connection; it blocks the process
 * @throws PosternError `storage-failed`, `storage-full`
 */
export const openSqliteFile = async (path: string, busyTimeout: Duration): Promise<SqliteDatabase> => {
  if (path === IN_MEMORY) return new Sqlite(path);
  await makePrivateDirectory(dirname(path));
  // SQLite gives its write-ahead log the permissions of the database file.
  await makePrivateFile(path);
  try {
    return new Sqlite(path, { timeout: busyTimeout });
  } catch (error) {
    throw toStorageError(error, `open ${path}`);
  }
};
