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
