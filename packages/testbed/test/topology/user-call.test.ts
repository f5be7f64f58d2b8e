import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

/** @spec R3 R6 */
test('A: a call is answered by the server, and the result shows on the panel', async () => {
  const result = await topology.device('printer-1').callService({ reason: 'paper' });
  expect(result).toMatchObject({
    outcome: 'succeeded',
    text: expect.stringContaining('Your call was received'),
  });
  const told = topology.steps
    .print()
    .split('\n')
    .filter((line) => line.startsWith('S7'));
  expect(told.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'S701 printer-1',
    'S702 printer-1',
    'S703 printer-1',
    'S704 site-a',
    'S705 server',
    'S706 site-a',
    'S707 printer-1',
    'S708 printer-1',
  ]);
  const [call] = await topology.operator.client.listNotices({ kind: 'UserCall' });
  expect(call).toMatchObject({ deviceId: 'printer-1', route: ['site-a'], missed: false, state: 'answered' });
});
