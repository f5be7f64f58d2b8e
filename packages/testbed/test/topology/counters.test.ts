import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { startTopology, type Topology } from '@postern/testbed';
import { keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY } from '../support/printer-site.ts';

keepForFile();

let topology: Topology;

beforeAll(async () => {
  topology = await startTopology({
    directory: await temporaryDirectory(),
    sites: [{ name: 'site-a', devices: [{ id: 'printer-1', firmware: FACTORY }] }],
  });
  await topology.operator.devicesKnown(topology.deviceIds);
});
afterAll(() => topology?.close());

/** @spec R1 R5 */
test('counters of a device are read from above, step by step as in Fig 10', async () => {
  const { client } = topology.operator;
  const order = await client.orderRequests({ kind: 'GetCounters', targets: ['printer-1'] });
  expect(await client.order(order.id, Seconds(30))).toMatchObject({ states: { answered: 1 }, ended: true });
  const [request] = await client.listRequests({ order: order.id });
  const steps = topology.steps.print().split('\n');
  const down = steps.indexOf(`S602 server ${request?.id}`);
  expect(steps.slice(0, down)).toContain('S601 site-a');
  // The intermediary polls on while the device is asked.
  expect(steps.slice(down).filter((line) => !line.startsWith('S601'))).toEqual([
    `S602 server ${request?.id}`,
    `S603 site-a ${request?.id}`,
    'S604 printer-1',
    'S605 printer-1',
    'S606 printer-1',
    'S607 printer-1',
    `S608 site-a ${request?.id}`,
  ]);
  expect(request).toMatchObject({ state: 'answered', intermediary: 'site-a', failure: null });
  const { counters } = (request?.answer ?? {}) as { counters: readonly { name: string; value: number }[] };
  expect(counters.length).toBeGreaterThan(0);
  const kept = (await client.device('printer-1')).counters?.map(({ name, value }) => ({ name, value })) ?? [];
  expect(kept).toEqual(expect.arrayContaining([...counters]));
});
