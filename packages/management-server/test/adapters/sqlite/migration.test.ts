import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@postern/core';
import { openDatabase } from '@postern/storage';
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations.ts';
import { openStores } from '../../../src/adapters/sqlite/stores.ts';
import { temporaryDirectory } from '../../support/directory.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  home = await temporaryDirectory();
});
afterEach(() => home.remove());

/** @spec X6 */
test('a database of the first release keeps updates, requests and journals', async () => {
  const path = join(home.path, 'server.db');
  const first = await openDatabase({ path, migrations: MIGRATIONS.slice(0, 1), logger: silentLogger });
  first.sqlite.exec(`
    INSERT INTO software VALUES ('sw-1', '0', 'mfp-firmware', 'MFP-1', '{}', x'01', 1);
    INSERT INTO software_update VALUES
      (7, 'u-1', 'printer-1', 'site-a', 'sw-1', 'running', 'checking', 1, 9, NULL, 1, NULL, 'key-1', 60);
    INSERT INTO request VALUES (3, 'u-1', 'site-a', 'UpdateSoftware', 'u-1', 9, 1, 'taken', 0);
    INSERT INTO request VALUES (4, 'c-1', 'site-a', 'CancelUpdate', 'u-1', 9, 0, 'open', 0);
    INSERT INTO journal VALUES (5, 'u-1', 0, 'S101', 'uplink', 'from-server', 1, 'done', NULL, NULL);
  `);
  first.close();

  const stores = await openStores(home.path, silentLogger);
  try {
    expect(stores.updates.findOpen('printer-1')).toMatchObject({
      id: 'u-1',
      orderedBy: 'server',
      softwareId: 'sw-1',
      policy: undefined,
      cancelRequested: true,
    });
    expect(stores.updates.findOrder('key-1')).toMatchObject({ order: { deadlineSeconds: 60 } });
    expect(stores.requests.ofUpdate('u-1')).toMatchObject([
      { id: 'u-1', kind: 'UpdateSoftware', target: 'printer-1', updateId: 'u-1', sent: true, orderedAt: 1 },
      { id: 'c-1', kind: 'CancelUpdate', state: 'waiting' },
    ]);
    expect(stores.journal.list('u-1')).toMatchObject([{ position: 5, step: 'S101' }]);
    // What refers to an update goes with it, also after its table was renamed.
    stores.database.sqlite.exec("UPDATE software_update SET finished_at = 2, state = 'verified'");
    stores.updates.prune({ updates: 0, journals: 0 });
    expect([stores.requests.find('c-1'), stores.journal.list('u-1')]).toEqual([undefined, []]);
    expect(stores.database.sqlite.pragma('foreign_key_check')).toEqual([]);
  } finally {
    stores.close();
  }
});

/** @spec X6 R1 */
test('requests of a database without states keep what became of them', async () => {
  const path = join(home.path, 'server.db');
  const second = await openDatabase({ path, migrations: MIGRATIONS.slice(0, 2), logger: silentLogger });
  const answer = (kind: string, value: object) => `'${JSON.stringify({ kind, value })}'`;
  const row = (id: string, state: string, sent: number, answered: number, given = 'NULL') =>
    `INSERT INTO request VALUES (NULL, '${id}', 'site-a', 'FetchSoftware', 'site-a', NULL, 'sw-1', 1, 9, ${sent},
      '${state}', ${answered}, ${answered === 1 ? 5 : 'NULL'}, ${given});`;
  second.sqlite.exec(`
    INSERT INTO software VALUES ('sw-1', '0', 'mfp-firmware', 'MFP-1', '{}', x'01', 1);
    ${row('waiting', 'open', 0, 0)}
    ${row('sent', 'open', 1, 0)}
    ${row('taken', 'taken', 1, 0)}
    ${row('answered', 'closed', 1, 1, answer('FetchSoftwareResponse', { fetchedBytes: 7 }))}
    ${row('refused', 'closed', 1, 1, answer('Failure', { code: 'storage-full', message: 'no room' }))}
    ${row('expired', 'closed', 1, 0)}
  `);
  second.close();

  const stores = await openStores(home.path, silentLogger);
  try {
    const requests = stores.requests.page({ limit: 10 });
    expect(requests.map(({ id, state }) => [id, state])).toEqual(requests.map(({ id }) => [id, id]));
    expect(requests).toHaveLength(6);
    expect(requests.map(({ endedAt }) => endedAt)).toEqual([9, 5, 5, undefined, undefined, undefined]);
    expect(stores.requests.find('answered')?.answer).toEqual({
      kind: 'FetchSoftwareResponse',
      value: { fetchedBytes: 7 },
    });
    expect(stores.requests.countOpen('site-a')).toBe(3);
    expect(stores.requests.open('site-a', 10).map(({ id }) => id)).toEqual(['waiting', 'sent']);
    const plan = stores.database.sqlite
      .prepare(
        `EXPLAIN QUERY PLAN SELECT * FROM request WHERE intermediary = 'a' AND state IN ('waiting', 'sent')
          ORDER BY place, sequence LIMIT 1`,
      )
      .all();
    expect(JSON.stringify(plan)).toContain('USING INDEX open_request');
  } finally {
    stores.close();
  }
});
