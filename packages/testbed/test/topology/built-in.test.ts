import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RealTopology, startTopology } from '@postern/testbed';
import { keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, imageOf } from '../support/printer-site.ts';

keepForFile();

let topology: RealTopology;

beforeAll(async () => {
  const devices = ['car-1', 'navigation-1'].map((id) => ({ id, firmware: FACTORY }));
  topology = await startTopology({
    directory: await temporaryDirectory(),
    sites: [
      {
        name: 'car-1-function',
        carrier: 'car-1',
        devices,
        intermediary: { uplink: { firstPause: 0.05, longestPause: 0.2 } },
      },
    ],
  });
  await topology.operator.devicesKnown(topology.deviceIds);
});

afterAll(() => topology?.close());

/** @spec T3 */
test('a device with the intermediary built in is updated by itself, and so are those below it', async () => {
  const { operator } = topology;
  const release = { version: '2.0.0', releaseCounter: 2, content: imageOf('2.0.0') };
  const software = await operator.register(release);
  for (const id of topology.deviceIds) {
    const order = await operator.order(id, software);
    expect(await operator.finished(order.id)).toMatchObject({
      state: 'verified',
      assurance: 'full',
      credential: 'erased',
    });
  }
  expect(topology.device('car-1').versions['firmware']).toBe('2.0.0');
  expect(topology.lan('car-1-function').firewall.counters.refused).toBe(0);
});
