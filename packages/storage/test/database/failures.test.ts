import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silentLogger } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import { type Migration, openDatabase } from '@postern/storage';
import { temporaryDirectory } from '../support/directory.ts';

interface Schema {
  entry: { text: string };
}

const first: Migration = { version: 1, name: 'entries', sql: 'CREATE TABLE entry (text TEXT UNIQUE)' };
const second: Migration = { version: 2, name: 'index', sql: 'CREATE INDEX entry_text ON entry (text)' };

const open = (path: string, migrations: readonly Migration[], logger = silentLogger) =>
  openDatabase<Schema>({ path, migrations, logger });

const newPath = async (): Promise<string> => join(await temporaryDirectory(), 'state.db');

test('each migration runs once', async () => {
  const path = await newPath();
  const logger = memoryLogger();
  (await open(path, [first], logger)).close();
  (await open(path, [first, second], logger)).close();
  (await open(path, [first, second], logger)).close();
  expect(logger.lines.map(({ fields }) => fields['version'])).toEqual([1, 2]);
});

test('a database of a later release is refused and said what to do about', async () => {
  const path = await newPath();
  (await open(path, [first, second])).close();
  await expect(open(path, [first])).rejects.toMatchObject({
    code: 'database-too-new',
    hint: expect.stringContaining('newer release'),
  });
});

test('a migration that fails half-way leaves the version and the tables as they were', async () => {
  const path = await newPath();
  const broken: Migration = {
    version: 2,
    name: 'broken',
    sql: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)',
  };
  await expect(open(path, [first, broken])).rejects.toMatchObject({ code: 'migration-failed' });
  const database = await open(path, [first]);
  expect(
    database.sqlite.prepare('select name from sqlite_schema where name = ?').get('half'),
  ).toBeUndefined();
  database.close();
});

test('migrations with a gap are refused', async () => {
  await expect(open(await newPath(), [second])).rejects.toMatchObject({ code: 'migrations-invalid' });
});

test('a file that is no database is reported as damaged', async () => {
  const path = await newPath();
  await writeFile(path, 'no database '.repeat(1_000));
  await expect(open(path, [first])).rejects.toMatchObject({
    code: 'database-corrupt',
    cause: expect.objectContaining({ code: 'SQLITE_NOTADB' }),
  });
});

test('a path that cannot be opened is reported as failed storage', async () => {
  const path = await newPath();
  await mkdir(path);
  await expect(open(path, [first])).rejects.toMatchObject({ code: 'storage-failed' });
});

test('a full database has the code of a full disk and rolls back', async () => {
  const database = await open(await newPath(), [first]);
  const pages = Number(database.sqlite.pragma('page_count', { simple: true }));
  database.sqlite.pragma(`max_page_count = ${pages + 2}`);
  const fill = (): void => {
    for (let n = 0; n < 1_000; n++) {
      database.run(database.query.insertInto('entry').values({ text: `${n}`.padEnd(1_000) }));
    }
  };
  expect(() => database.transaction(fill)).toThrow(
    expect.objectContaining({
      code: 'storage-full',
      cause: expect.objectContaining({ code: 'SQLITE_FULL' }),
    }),
  );
  expect(database.all(database.query.selectFrom('entry').selectAll())).toEqual([]);
  database.close();
});

test("a violated constraint keeps SQLite's own code", async () => {
  const database = await open(await newPath(), [first]);
  const insert = () => database.run(database.query.insertInto('entry').values({ text: 'same' }));
  insert();
  expect(insert).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }));
  database.close();
});
