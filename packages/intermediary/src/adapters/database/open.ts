import type { Logger } from '@postern/core';
import { type Database, openDatabase } from '@postern/storage';
import { type IntermediarySchema, MIGRATIONS } from './schema.ts';

export type IntermediaryDatabase = Database<IntermediarySchema>;

/**
 * Opens the intermediary's database. What is deleted or replaced is overwritten with zeros, and the write-ahead log
 * of an earlier process is emptied: with {@link scrub} nothing of an erased credential stays in the files.
 *
 * @spec U13 X6
 */
export const openIntermediaryDatabase = async (
  path: string,
  logger: Logger,
): Promise<IntermediaryDatabase> => {
  const database = await openDatabase<IntermediarySchema>({ path, migrations: MIGRATIONS, logger });
  database.sqlite.pragma('secure_delete = ON');
  scrub(database);
  return database;
};

/**
 * Empties the write-ahead log, which otherwise keeps old pages, and with them credentials, until it is reused.
 *
 * @spec U13
 */
export const scrub = (database: IntermediaryDatabase): void => {
  database.sqlite.pragma('wal_checkpoint(TRUNCATE)');
};
