// Commits one row to the database given, then waits to be killed inside a second transaction.
import { silentLogger } from '@postern/core';
import { openDatabase } from '@postern/storage';

const migrations = [{ version: 1, name: 'entries', sql: 'CREATE TABLE entry (text TEXT NOT NULL)' }];
const database = await openDatabase({ path: process.argv[2], migrations, logger: silentLogger });
const insert = (text) => database.run(database.query.insertInto('entry').values({ text }));
database.transaction(() => insert('committed'));
database.sqlite.exec('BEGIN IMMEDIATE');
insert('never committed');
console.log('written');
process.stdin.resume();
