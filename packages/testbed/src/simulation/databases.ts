import { silentLogger, systemClock } from '@postern/core';
import { type DatabaseStores, openDatabaseStores } from '@postern/intermediary/compose';
import { openStoresAt, type SqliteStores } from '@postern/management-server/compose';

/** The databases of one simulation. */
export interface Databases {
  readonly server: SqliteStores;
  readonly site: DatabaseStores;
}

interface Reusable extends Databases {
  readonly reset: () => void;
}

const free: Reusable[] = [];

/** Runs a simulation on new databases in memory. They are made new again for the next one: that takes less time. */
export const withDatabases = async <T>(work: (databases: Databases) => Promise<T>): Promise<T> => {
  const databases = free.pop() ?? (await open());
  try {
    return await work(databases);
  } finally {
    databases.reset();
    free.push(databases);
  }
};

const open = async (): Promise<Reusable> => {
  const server = await openStoresAt(':memory:', silentLogger);
  // Only the wiping of files takes the clock, and there are none.
  const site = await openDatabaseStores(':memory:', { clock: systemClock, logger: silentLogger });
  const resets = [resetOf(server.database.sqlite), resetOf(site.database.sqlite)];
  return {
    server,
    site,
    reset: () => {
      for (const reset of resets) reset();
    },
  };
};

/** Puts every row back that is there now, and removes all others. */
const resetOf = (sqlite: SqliteStores['database']['sqlite']): (() => void) => {
  const names = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  const tables = names.map((name) => {
    const rows = sqlite.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][];
    const places = rows[0]?.map(() => '?').join(', ');
    return {
      rows,
      clear: sqlite.prepare(`DELETE FROM "${name}"`),
      insert: places === undefined ? undefined : sqlite.prepare(`INSERT INTO "${name}" VALUES (${places})`),
    };
  });
  const restore = sqlite.transaction(() => {
    for (const { clear } of tables) clear.run();
    for (const { insert, rows } of tables) for (const row of rows) insert?.run(...row);
  });
  return () => {
    sqlite.pragma('foreign_keys = OFF');
    restore();
    sqlite.pragma('foreign_keys = ON');
  };
};
