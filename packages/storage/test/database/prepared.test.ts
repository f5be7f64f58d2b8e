import { expect, test } from '@jest/globals';
import { silentLogger } from '@postern/core';
import { type Database, openDatabase } from '@postern/storage';

interface Schema {
  entry: { name: string; size: number; note: string | null };
}

const openNew = async (): Promise<Database<Schema>> => {
  const sql = 'CREATE TABLE entry (name TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT) STRICT';
  const migrations = [{ version: 1, name: 'entries', sql }];
  return openDatabase<Schema>({ path: ':memory:', migrations, logger: silentLogger });
};

const add = (database: Database<Schema>) =>
  database.prepare(({ name, size, note }: Schema['entry']) =>
    database.query
      .insertInto('entry')
      .values({ name, size, note })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ size })),
  );

test('a prepared query is built once and runs with the values of each call', async () => {
  const database = await openNew();
  let built = 0;
  const find = database.prepare(({ name, least }: { name: string; least: number }) => {
    built += 1;
    return database.query
      .selectFrom('entry')
      .selectAll()
      .where('size', '>=', least)
      .where('name', '=', name)
      .where('note', 'is not', 'hidden');
  });
  const insert = add(database);
  database.run(insert.bind({ name: 'a', size: 1, note: null }));
  database.run(insert.bind({ name: 'b', size: 2, note: 'second' }));
  database.run(insert.bind({ name: 'c', size: 3, note: 'hidden' }));
  database.run(insert.bind({ name: 'b', size: 20, note: null }));
  const found = (name: string, least: number) => database.all(find.bind({ name, least }));
  expect(found('a', 1)).toEqual([{ name: 'a', size: 1, note: null }]);
  expect(found('a', 2)).toEqual([]);
  expect(found('b', 2)).toEqual([{ name: 'b', size: 20, note: 'second' }]);
  expect(found('c', 0)).toEqual([]);
  expect(built).toBe(1);
});

test('a limit and an offset may differ from call to call', async () => {
  const database = await openNew();
  const insert = add(database);
  for (const [size, name] of ['a', 'b', 'c', 'd'].entries()) {
    database.run(insert.bind({ name, size, note: null }));
  }
  const page = database.prepare(({ limit, skip }: { limit: number; skip: number }) =>
    database.query.selectFrom('entry').select('name').orderBy('name').limit(limit).offset(skip),
  );
  const names = (limit: number, skip: number) =>
    database.all(page.bind({ limit, skip })).map(({ name }) => name);
  expect(names(2, 0)).toEqual(['a', 'b']);
  expect(names(2, 1)).toEqual(['b', 'c']);
  expect(names(-1, 3)).toEqual(['d']);
  expect(names(0, 0)).toEqual([]);
});
