import { type Duration, type Logger, Seconds } from '@postern/core';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import { storageError, toStorageError } from '../errors.ts';
import { openSqliteFile } from '../sqlite-file.ts';
import { type Migration, migrate } from './migrations.ts';
import { type PreparedQuery, prepareQuery, type Values } from './prepared.ts';
import { queryBuilder } from './query-builder.ts';
import { statementCache } from './statement-cache.ts';

/** A Kysely builder (`db.query.selectFrom(…)`) or what it, or its `sql` template, compiled to. */
export type Query<Row> = Compilable<Row> | CompiledQuery<Row>;

/** What a statement changed. */
export interface Changes {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/**
 * One SQLite database, used synchronously: a state and its journal entry are written in one transaction with no other
 * code in between, and are on the disk when `transaction` returns. Values bound are strings, numbers, bigints, byte
 * arrays and null. Failures of disk or file throw the package's codes; a violated constraint keeps SQLite's own code
 * (`SQLITE_CONSTRAINT_UNIQUE` …).
 */
export interface Database<Schema> {
  /** Builds typed queries for the methods below; its own `execute` refuses. */
  readonly query: Kysely<Schema>;
  /** A query that is built and compiled once, for hot paths: `all`, `get` and `run` take what its `bind` returns. */
  prepare<V extends Values, Row>(build: (values: V) => Compilable<Row>): PreparedQuery<V, Row>;
  /** The raw handle, for prepared statements on hot paths. Run them inside `transaction`, so that errors are mapped. */
  readonly sqlite: SqliteDatabase;
  /** All rows, also those of an INSERT, UPDATE or DELETE with RETURNING. */
  all<Row>(query: Query<Row>): Row[];
  /** The first row. */
  get<Row>(query: Query<Row>): Row | undefined;
  /** Runs a statement that returns no rows. */
  run(query: Query<unknown>): Changes;
  /**
   * Commits what `work` wrote, or nothing of it when it throws. Nested calls become savepoints.
   *
   * @param work must be synchronous: a promise is refused and rolled back
   */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

export interface DatabaseOptions {
  /** The file; made with mode 0600 (and its directory with 0700) when it does not exist. `:memory:` for none. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly logger: Logger;
}

/** How long a statement waits for another connection. It blocks the process, hence short. */
const BUSY_TIMEOUT: Duration = Seconds(2);
const CACHED_STATEMENTS = 256;

/**
 * Opens a database in WAL mode with synchronous FULL, so that a commit survives `kill -9` and a loss of power, and
 * brings its schema up to date.
 *
 * @throws PosternError `database-too-new`, `database-corrupt`, `migration-failed`, `storage-full`, `storage-failed`
 * @spec X6
 */
export const openDatabase = async <Schema>(options: DatabaseOptions): Promise<Database<Schema>> => {
  const sqlite = await openSqliteFile(options.path, BUSY_TIMEOUT);
  try {
    configure(sqlite);
    migrate(sqlite, options.migrations, options.logger);
  } catch (error) {
    sqlite.close();
    throw toStorageError(error, `open ${options.path}`);
  }
  return synchronousDatabase<Schema>(sqlite);
};

const configure = (sqlite: SqliteDatabase): void => {
  const mode = sqlite.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal' && !sqlite.memory) {
    throw storageError('storage-failed', `${sqlite.name} cannot use a write-ahead log (mode ${mode})`, {
      hint: 'Put the data directory on a local file system.',
    });
  }
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
};

const synchronousDatabase = <Schema>(sqlite: SqliteDatabase): Database<Schema> => {
  const statements = statementCache(sqlite, CACHED_STATEMENTS);
  const atomically = sqlite.transaction((work: () => unknown) => work());
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, `use ${sqlite.name}`);
    }
  };
  const compiled = <Row>(query: Query<Row>): CompiledQuery<Row> =>
    'compile' in query ? query.compile() : query;

  return {
    query: queryBuilder<Schema>(),
    prepare: prepareQuery,
    sqlite,
    all: <Row>(query: Query<Row>) =>
      guarded(() => {
        const { sql, parameters } = compiled(query);
        return statements.get(sql).all(...parameters) as Row[];
      }),
    get: <Row>(query: Query<Row>) =>
      guarded(() => {
        const { sql, parameters } = compiled(query);
        return statements.get(sql).get(...parameters) as Row | undefined;
      }),
    run: (query) =>
      guarded(() => {
        const { sql, parameters } = compiled(query);
        return statements.get(sql).run(...parameters);
      }),
    // IMMEDIATE takes the write lock at once: a transaction that reads first cannot lose it half-way.
    transaction: <Result>(work: () => Result) => guarded(() => atomically.immediate(work) as Result),
    close: () => sqlite.close(),
  };
};
