import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RealTopology } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { noticesOf, orderUpdate, readCounters, startFigure1, WAYS } from './figure-1.ts';

keepForFile();

let topology: RealTopology;

beforeAll(async () => {
  topology = await startFigure1();
}, 60_000);

afterAll(() => topology?.close());

/** @spec T1 T2 T3 T4 R3 R5 R6 */
describe.each(Object.entries(WAYS))('%s, reached through %j', (deviceId, way) => {
  test('is updated', async () => {
    const update = await orderUpdate(topology, deviceId);
    expect(await topology.operator.finished(update.id)).toMatchObject({
      state: 'verified',
      assurance: 'full',
      credential: 'erased',
    });
    expect(await topology.operator.client.device(deviceId)).toMatchObject({
      intermediary: way[0],
      route: way.slice(1),
    });
  });

  test('tells its counters', async () => {
    const answered = await readCounters(topology, deviceId);
    expect(await answered()).toMatchObject({ state: 'answered', target: deviceId, failure: null });
  });

  test('calls for service and is answered', async () => {
    const { callId, outcome } = await topology.device(deviceId).callService({ reason: 'help' });
    expect(outcome).toBe('succeeded');
    const notices = await noticesOf(topology, callId);
    expect(notices).toMatchObject([{ deviceId, route: [...way].reverse(), missed: false }]);
  });
});

/** @spec T2 */
test('the server knows the intermediaries below others and can ask them, too', async () => {
  const { client } = topology.operator;
  const known = (await client.listIntermediaries()).map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(['floor-2', 'room-21']));
  const answered = await readCounters(topology, 'room-21');
  expect(await answered()).toMatchObject({ state: 'answered', intermediary: 'site-b' });
});

/** @spec T2 T5 */
test('nobody has called a site from outside', () => {
  for (const lan of ['site-a', 'site-b', 'floor-2', 'room-21', 'car-1-function']) {
    expect(topology.lan(lan).firewall.counters.refused).toBe(0);
  }
});
