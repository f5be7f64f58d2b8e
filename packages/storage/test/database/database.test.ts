import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silentLogger } from '@postern/core';
import { type Database, type Migration, openDatabase } from '@postern/storage';
import { sql } from 'kysely';
import { killHard, startChild } from '../support/child.ts';
import { temporaryDirectory } from '../support/directory.ts';

interface Schema {
  entry: { text: string };
}

const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'entries', sql: 'CREATE TABLE entry (text TEXT NOT NULL UNIQUE)' },
];

const open = (path: string): Promise<Database<Schema>> =>
  openDatabase<Schema>({ path, migrations: MIGRATIONS, logger: silentLogger });

const openNew = async (): Promise<Database<Schema>> => open(join(await temporaryDirectory(), 'state.db'));

const insert = (database: Database<Schema>, text: string) =>
  database.run(database.query.insertInto('entry').values({ text }));

const texts = (database: Database<Schema>): string[] =>
  database.all(database.query.selectFrom('entry').select('text').orderBy('text')).map(({ text }) => text);

test('queries are typed, synchronous and return rows also from RETURNING and sql templates', async () => {
  const database = await openNew();
  expect(insert(database, 'a')).toMatchObject({ changes: 1 });
  const returned: { text: string }[] = database.all(
    database.query.insertInto('entry').values({ text: 'b' }).returning('text'),
  );
  expect(returned).toEqual([{ text: 'b' }]);
  const counted = database.get(sql<{ n: number }>`select count(*) as n from entry`.compile(database.query));
  expect(counted?.n).toBe(2);
  expect(
    database.get(database.query.selectFrom('entry').selectAll().where('text', '=', 'z')),
  ).toBeUndefined();
  database.close();
});

test('a transaction that throws leaves nothing, a nested one only undoes itself', async () => {
  const database = await openNew();
  const boom = new Error('boom');
  expect(() =>
    database.transaction(() => {
      insert(database, 'lost');
      throw boom;
    }),
  ).toThrow(boom);
  const result = database.transaction(() => {
    insert(database, 'kept');
    try {
      database.transaction(() => {
        insert(database, 'undone');
        throw boom;
      });
    } catch {}
    return 7;
  });
  expect(result).toBe(7);
  expect(texts(database)).toEqual(['kept']);
  database.close();
});

test('a transaction refuses asynchronous work and rolls it back', async () => {
  const database = await openNew();
  expect(() =>
    database.transaction(async () => {
      insert(database, 'lost');
    }),
  ).toThrow('cannot return a promise');
  expect(texts(database)).toEqual([]);
  database.close();
});

test('a query cannot be executed past the synchronous interface', async () => {
  const database = await openNew();
  await expect(database.query.selectFrom('entry').selectAll().execute()).rejects.toMatchObject({
    code: 'query-not-synchronous',
  });
  database.close();
});

test('the file is private, durable on commit and enforces foreign keys', async () => {
  const directory = join(await temporaryDirectory(), 'data');
  const path = join(directory, 'state.db');
  const database = await open(path);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  insert(database, 'a');
  for (const file of [path, `${path}-wal`]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  const pragma = (name: string): unknown => database.sqlite.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
  database.close();
});

test('more different statements than the cache holds still run', async () => {
  const database = await openNew();
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 300; n++) {
      const row = database.get(sql<{ n: number }>`select ${sql.raw(String(n))} as n`.compile(database.query));
      expect(row).toEqual({ n });
    }
  }
  database.close();
});

/** @spec X6 */
test('after kill -9 the committed row is there and the uncommitted one is not', async () => {
  const path = join(await temporaryDirectory(), 'state.db');
  const { child } = await startChild('commit-then-write.mjs', [path]);
  await killHard(child);
  const database = await open(path);
  expect(texts(database)).toEqual(['committed']);
  database.close();
});
