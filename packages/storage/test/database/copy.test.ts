import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silentLogger } from '@postern/core';
import { copyDatabase, openDatabase, restoreDatabase, schemaVersion } from '@postern/storage';
import { temporaryDirectory } from '../support/directory.ts';

const FIRST = { version: 1, name: 'first', sql: 'CREATE TABLE job (id TEXT PRIMARY KEY)' };
const SECOND = { version: 2, name: 'second', sql: 'ALTER TABLE job ADD COLUMN state TEXT' };

const prepared = async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'a.db');
  const opened = (migrations = [FIRST]) =>
    openDatabase<{ job: { id: string } }>({ path, migrations, logger: silentLogger });
  const database = await opened();
  database.run(database.query.insertInto('job').values({ id: 'kept' }));
  return { path, copy: join(directory, 'a.copy'), opened, database };
};

/** @spec X6 */
test('a copy has all that was committed, and takes the place of a database that was migrated since', async () => {
  const { path, copy, opened, database } = await prepared();
  // Not closed: what is in the log of a process that was killed belongs to the copy.
  await copyDatabase(path, copy);
  database.close();
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  const newer = await opened([FIRST, SECOND]);
  newer.run(newer.query.deleteFrom('job'));
  expect([await schemaVersion(path), await schemaVersion(copy)]).toEqual([2, 1]);

  // The log of the killed newer release is still there.
  await restoreDatabase(copy, path);
  newer.close();
  const older = await opened();
  expect(older.all(older.query.selectFrom('job').selectAll())).toEqual([{ id: 'kept' }]);
  older.close();
  expect(await schemaVersion(copy)).toBeUndefined();
});

test('a copy replaces the one before', async () => {
  const { path, copy, database } = await prepared();
  await copyDatabase(path, copy);
  await copyDatabase(path, copy);
  expect(await schemaVersion(copy)).toBe(1);
  database.close();
});
