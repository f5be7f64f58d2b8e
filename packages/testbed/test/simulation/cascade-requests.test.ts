import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RemoteRequestKind } from '@postern/contracts';
import { Minutes } from '@postern/core';
import { buildCascade, type Cascade } from '../../src/simulation/index.ts';

let cascade: Cascade;

beforeEach(async () => {
  cascade = await buildCascade({
    sites: [
      { name: 'top' },
      { name: 'middle', above: 'top' },
      { name: 'leaf', above: 'middle', devices: ['mfp-leaf'] },
    ],
  });
  await cascade.until('all are known', () => cascade.server.stores.devices.find('mfp-leaf') !== undefined);
});

afterEach(() => cascade.close());

/** Orders a request for a node three floors down. @returns its record, as it stands */
const ask = (kind: RemoteRequestKind, target: string, given: unknown = {}, deadlineSeconds = 600) => {
  const { door, stores } = cascade.server;
  const order = { kind, targets: [target], arguments: given, deadlineSeconds, via: 'poll' } as const;
  const created = door?.domain.requestOrders.order(order);
  const [request] = stores.requests.page({ order: created?.order.id, limit: 1 });
  const id = request?.id ?? '';
  return { id, now: () => stores.requests.find(id), withdraw: () => door?.domain.requestOrders.withdraw(id) };
};

/** @spec T2 I1 */
test('the lowest intermediary is told from above how to poll', async () => {
  const request = ask('SetPolling', 'leaf', { holdSeconds: 7, intervalSeconds: 3 });
  await cascade.until('it has ended', () => request.now()?.endedAt !== undefined);
  expect(request.now()).toMatchObject({ state: 'answered' });
  expect(cascade.site('leaf').database.stores.requests.has(request.id)).toBe(true);
});

/** @spec T2 R1 */
test('one for a node that cannot be reached expires on every floor, and is not carried out later', async () => {
  cascade.site('leaf').node.restart(Minutes(60));
  const request = ask('ConfirmAlive', 'mfp-leaf', {}, 30);
  await cascade.until('it has ended', () => request.now()?.endedAt !== undefined);
  expect(request.now()).toMatchObject({ state: 'expired' });
  await cascade.clock.advance(Minutes(90));
  expect(cascade.site('leaf').database.stores.requests.has(request.id)).toBe(false);
});

/** @spec T2 R1 */
test('one that is withdrawn before anybody fetched it goes down no floor', async () => {
  cascade.site('top').node.restart(Minutes(5));
  const request = ask('ConfirmAlive', 'mfp-leaf');
  request.withdraw();
  await cascade.clock.advance(Minutes(30));
  expect(request.now()).toMatchObject({ state: 'withdrawn' });
  for (const name of ['top', 'middle', 'leaf']) {
    expect(cascade.site(name).database.stores.requests.has(request.id)).toBe(false);
  }
});

/** @spec T2 R1 */
test('one that is on a floor half-way down cannot be withdrawn any more; cut off there, it expires on every floor', async () => {
  cascade.site('leaf').node.restart(Minutes(60));
  // The poll of the leaf that was held ends as well.
  await cascade.clock.advance(Minutes(5));
  const request = ask('ConfirmAlive', 'mfp-leaf', {}, 60);
  const passing = (name: string) => cascade.site(name).database.stores.passing.find(request.id)?.state;
  await cascade.until('it is half-way', () => passing('top') === 'taken' && request.now()?.state === 'taken');
  expect(passing('middle')).toBe('waiting');
  expect(() => request.withdraw()).toThrow(expect.objectContaining({ code: 'request-taken' }));
  await cascade.until('it has ended', () => request.now()?.endedAt !== undefined);
  expect(request.now()).toMatchObject({
    state: 'expired',
    answer: { kind: 'Failure', value: { code: 'deadline-exceeded' } },
  });
  await cascade.clock.advance(Minutes(90));
  expect([passing('top'), passing('middle')]).toEqual(['answered', 'answered']);
  expect(cascade.site('leaf').database.stores.requests.has(request.id)).toBe(false);
});

/** @spec T2 R1 */
test('one that is cut off between the server and the first floor is withdrawn while no receipt has come up', async () => {
  cascade.site('middle').node.restart(Minutes(30));
  await cascade.clock.advance(Minutes(2));
  const request = ask('ConfirmAlive', 'mfp-leaf');
  await cascade.until('it went down', () => request.now()?.state === 'sent');
  cascade.site('top').node.restart(Minutes(30));
  request.withdraw();
  await cascade.clock.advance(Minutes(60));
  // Whatever has come of it below changes nothing of its end.
  expect(request.now()).toMatchObject({ state: 'withdrawn' });
});

/** @spec T2 I1 I2 */
test.each<[RemoteRequestKind, unknown, unknown]>([
  ['CollectLogs', { limit: 10 }, { kind: 'CollectLogsResponse' }],
  ['ListFiles', {}, { kind: 'ListFilesResponse' }],
  ['ReadFile', { name: 'note' }, { kind: 'ReadFileResponse' }],
])('%s of a device three floors down is answered by it', async (kind, given, answer) => {
  const note = Buffer.from('note');
  const written = ask('WriteFile', 'mfp-leaf', {
    ...{ name: 'note', offset: 0, length: note.length, content: note.toString('base64') },
    sha256: createHash('sha256').update(note).digest('hex'),
  });
  await cascade.until('the file is there', () => written.now()?.endedAt !== undefined);
  const request = ask(kind, 'mfp-leaf', given);
  await cascade.until('it has ended', () => request.now()?.endedAt !== undefined);
  expect([written.now()?.state, request.now()?.state]).toEqual(['answered', 'answered']);
  expect(request.now()?.answer).toMatchObject(answer as object);
});

/** @spec T2 I5 */
test('the lowest intermediary fetches software ahead of any update, through the floors above it', async () => {
  const softwareId = await cascade.register('2.0');
  const fetch = { intermediary: 'leaf', softwareId, deadlineSeconds: 600 };
  const ordered = await cascade.server.door?.domain.siteRequests.fetchSoftware(fetch);
  const now = () => cascade.server.stores.requests.find(ordered?.request.id ?? '');
  await cascade.until('it has ended', () => now()?.endedAt !== undefined);
  expect(now()).toMatchObject({ state: 'answered', answer: { kind: 'FetchSoftwareResponse' } });
  const shelves = ['middle', 'leaf'].map((name) => cascade.site(name).database.stores.shelf.items().length);
  expect(shelves).toEqual([0, 1]);
});

/** @spec T2 I1 */
test('an update that runs three floors down is called off from above', async () => {
  const softwareId = await cascade.register('2.0');
  // It takes its time: nobody answers.
  cascade.device('mfp-leaf').node.restart(Minutes(10));
  const order = { deviceId: 'mfp-leaf', softwareId, deadlineSeconds: 7_200 };
  const ordered = await cascade.server.door?.domain.updates.order(order);
  const now = () => cascade.server.stores.updates.find(ordered?.update.id ?? '');
  await cascade.until('it runs', () => now()?.phase !== undefined);
  cascade.server.door?.domain.updates.cancel(ordered?.update.id ?? '');
  await cascade.until('it has ended', () => now()?.finishedAt !== undefined);
  // Whether the device has the password is not known.
  expect(now()).toMatchObject({ state: 'cancelled', result: { credential: 'owed' } });
  await cascade.until('the device is back', () => cascade.device('mfp-leaf').door !== undefined);
  await cascade.clock.advance(Minutes(60));
  expect(cascade.device('mfp-leaf').door?.target.versions).toMatchObject({ firmware: '1.0' });
});
