import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Instant, silentLogger } from '@postern/core';
import { openStores, type SqliteStores } from '../../../src/adapters/sqlite/stores.ts';
import type { NoticeState } from '../../../src/domain/notices/notice-state.ts';
import type { NewNotice } from '../../../src/domain/notices/records.ts';
import type { UpdateRecord } from '../../../src/domain/records.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { manifestOf } from '../../support/software.ts';
import { journal } from '../../support/world.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let stores: SqliteStores;
const now = Instant(1_000);

beforeEach(async () => {
  home = await temporaryDirectory();
  stores = await openStores(home.path, silentLogger);
  stores.software.add({
    id: 'sw-1',
    payloadSha256: '0',
    manifest: manifestOf(),
    signedManifest: new Uint8Array([1]),
    registeredAt: now,
  });
});
afterEach(async () => {
  stores.close();
  await home.remove();
});

const addUpdate = (id: string, finishedAt: Instant | undefined): void => {
  const update: UpdateRecord = {
    id,
    deviceId: `device-${id}`,
    intermediary: 'site-a',
    orderedBy: 'server',
    softwareId: 'sw-1',
    policy: undefined,
    state: finishedAt === undefined ? 'running' : 'verified',
    phase: undefined,
    orderedAt: now,
    deadline: now,
    finishedAt,
    cancelRequested: false,
    result: undefined,
  };
  stores.updates.add(update, undefined);
  stores.requests.add({
    id,
    intermediary: 'site-a',
    target: `device-${id}`,
    at: undefined,
    kind: 'UpdateSoftware',
    updateId: id,
    orderedAt: now,
    expiresAt: now,
    place: 0,
    sent: true,
    state: 'taken',
    phase: undefined,
    endedAt: undefined,
    reason: undefined,
    answered: false,
    answeredAt: undefined,
    answer: undefined,
  });
  for (const step of journal(['S101', 'S102']).step) stores.journal.add(id, step);
};

const notice = (deliveryId: string, state: NoticeState): NewNotice => ({
  ...{ deliveryId, intermediary: 'site-a', deviceId: 'd', kind: 'UserCall', content: '{}', route: [] },
  ...{ at: now, siteAt: undefined, missed: false, state, answer: undefined, answeredAt: undefined },
});

describe('retention', () => {
  test('keeps the newest finished updates, fewer journals, and everything that is open', () => {
    addUpdate('open', undefined);
    for (const id of ['1', '2', '3', '4']) addUpdate(id, now);
    stores.updates.prune({ updates: 2, journals: 1 });
    expect(stores.updates.page({ limit: 10 }).map(({ id }) => id)).toEqual(['4', '3', 'open']);
    expect(['open', '3', '4'].map((id) => stores.journal.list(id).length)).toEqual([2, 0, 2]);
    expect(['1', '2', '3'].map((id) => stores.requests.find(id)?.id)).toEqual([undefined, undefined, '3']);
  });

  test('keeps the newest notices and audit records', () => {
    for (const deliveryId of ['a', 'b', 'c']) {
      stores.notices.add(notice(deliveryId, 'noted'), 2);
      const refusal = {
        at: now,
        code: 'device-foreign' as const,
        caller: 'site-b',
        subject: deliveryId,
      };
      stores.audit.add(refusal, 2);
    }
    expect(['a', 'b', 'c'].map((id) => stores.notices.find('site-a', id)?.deliveryId)).toEqual([
      undefined,
      'b',
      'c',
    ]);
    expect(stores.audit.newest(10).map(({ subject }) => subject)).toEqual(['c', 'b']);
  });

  test('keeps calls that an answer is owed to, and answers that a site has not fetched', () => {
    stores.notices.add(notice('open', 'open'), 2);
    stores.notices.add(notice('deferred', 'deferred'), 2);
    for (const deliveryId of ['a', 'b', 'c']) stores.notices.add(notice(deliveryId, 'noted'), 2);
    const kept = stores.notices.page({ limit: 10 }).map(({ deliveryId }) => deliveryId);
    expect(kept).toEqual(['c', 'b', 'deferred', 'open']);
  });

  test('a journal keeps its beginning and its end', () => {
    addUpdate('1', undefined);
    const sequences = () => stores.journal.list('1').map(({ sequence }) => sequence);
    for (const step of journal(['S107', 'S108', 'S109'], 10_000).step) stores.journal.add('1', step);
    stores.journal.trim('1', { first: 2, last: 3 });
    expect(sequences()).toEqual([0, 1, 10_000, 10_001, 10_002]);
    stores.journal.trim('1', { first: 1, last: 2 });
    expect(sequences()).toEqual([0, 10_001, 10_002]);
    stores.journal.trim('1', { first: 2, last: 2 });
    expect(sequences()).toEqual([0, 10_001, 10_002]);
  });

  test('the database itself refuses a second open update of a device', () => {
    addUpdate('1', undefined);
    const update = stores.updates.find('1');
    if (update === undefined) throw new TypeError('not stored');
    const second = () => stores.updates.add({ ...update, id: '2' }, undefined);
    expect(second).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }));
  });
});
