import type { Database as SqliteDatabase, Statement } from 'better-sqlite3';

/** Prepared statements by SQL text; the least recently used one gives way. */
export interface StatementCache {
  get(sql: string): Statement<unknown[]>;
}

/** @param limit how many statements are kept */
export const statementCache = (sqlite: SqliteDatabase, limit: number): StatementCache => {
  // A Map iterates in order of insertion: re-inserting on use makes its first key the least recently used.
  const statements = new Map<string, Statement<unknown[]>>();
  return {
    get: (sql) => {
      const statement = statements.get(sql) ?? sqlite.prepare<unknown[]>(sql);
      statements.delete(sql);
      statements.set(sql, statement);
      const [oldest] = statements.keys();
      if (statements.size > limit && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
  };
};
