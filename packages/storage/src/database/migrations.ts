import { errorMessage, type Logger } from '@postern/core';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import { storageError, toStorageError } from '../errors.ts';

/** One step of a schema's history. Never edited after a release; a change is a new migration. */
export interface Migration {
  /** 1 for the first, then one more each. */
  readonly version: number;
  /** A few words for the log. */
  readonly name: string;
  /** One or more SQL statements, run in one transaction. */
  readonly sql: string;
}

/**
 * Brings the database to the newest version, one transaction a migration. The version is SQLite's `user_version`.
 *
 * @throws PosternError `database-too-new`, `migration-failed`, `migrations-invalid`
 */
export const migrate = (sqlite: SqliteDatabase, migrations: readonly Migration[], logger: Logger): void => {
  checkNumbering(migrations);
  const present = Number(sqlite.pragma('user_version', { simple: true }));
  if (present > migrations.length) {
    throw storageError(
      'database-too-new',
      `${sqlite.name} has schema version ${present}; this release knows ${migrations.length}`,
      {
        hint: 'Start the newer release again, or restore a backup made before the upgrade.',
      },
    );
  }
  for (const migration of migrations.slice(present)) {
    apply(sqlite, migration);
    logger.info('database migrated', {
      path: sqlite.name,
      version: migration.version,
      migration: migration.name,
    });
  }
};

const apply = (sqlite: SqliteDatabase, migration: Migration): void => {
  const step = sqlite.transaction(() => {
    sqlite.exec(migration.sql);
    sqlite.pragma(`user_version = ${migration.version}`);
  });
  try {
    step.immediate();
  } catch (error) {
    const cause = toStorageError(error, 'migrate');
    if (cause !== error) throw cause;
    throw storageError(
      'migration-failed',
      `Migration ${migration.version} (${migration.name}) failed: ${errorMessage(error)}`,
      { cause },
    );
  }
};

const checkNumbering = (migrations: readonly Migration[]): void => {
  const wrong = migrations.findIndex((migration, index) => migration.version !== index + 1);
  if (wrong >= 0) {
    throw storageError('migrations-invalid', `Migration at position ${wrong + 1} has another number`);
  }
};
