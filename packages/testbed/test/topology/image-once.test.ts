import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import type { SoftwareView } from '@postern/management-server/client';
import { type RealTopology, type Release, startTopology } from '@postern/testbed';
import { keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, imageOf } from '../support/printer-site.ts';
import { QUICK } from './figure-1.ts';

keepForFile();

const MIB = 2 ** 20;
const IMAGE = imageOf('2.0.0', 2 * MIB);
const RELEASE: Release = { version: '2.0.0', releaseCounter: 2, content: IMAGE };

const mfp = (id: string) => ({ id, firmware: FACTORY });

/** Each line is named by the intermediary that calls out through it. */
const LINES = ['top', 'middle', 'lowest'];

let topology: RealTopology;
let software: SoftwareView;

beforeAll(async () => {
  topology = await startTopology({
    directory: await temporaryDirectory(),
    sites: [
      {
        name: 'top',
        devices: [mfp('mfp-top')],
        intermediary: QUICK,
        below: [
          {
            name: 'middle',
            devices: [mfp('mfp-middle')],
            intermediary: QUICK,
            below: [
              {
                name: 'lowest',
                devices: [mfp('mfp-lowest-1'), mfp('mfp-lowest-2')],
                intermediary: QUICK,
              },
            ],
          },
        ],
      },
    ],
  });
  await topology.operator.devicesKnown(topology.deviceIds);
  software = await topology.operator.register(RELEASE);
}, 60_000);

afterAll(() => topology?.close());

/** Updates these devices, all at once. @returns how many images' worth of bytes came down on each line meanwhile */
const imagesDuring = async (deviceIds: readonly string[]): Promise<readonly number[]> => {
  const { operator } = topology;
  const down = () => LINES.map((line) => topology.lan(line).firewall.counters.bytesDown);
  const before = down();
  const updates = await Promise.all(deviceIds.map((id) => operator.order(id, software, Seconds(300))));
  for (const { id } of updates) {
    expect(await operator.finished(id)).toMatchObject({ state: 'verified', assurance: 'full' });
  }
  return down().map((bytes, at) => (bytes - (before[at] ?? 0)) / IMAGE.length);
};

/** @spec T2 */
test('an image that three devices of two floors are given at once crosses each line once', async () => {
  for (const images of await imagesDuring(['mfp-lowest-1', 'mfp-lowest-2', 'mfp-middle'])) {
    expect(images).toBeGreaterThanOrEqual(1);
    expect(images).toBeLessThan(1.5);
  }
});

/** @spec T2 */
test('and no line again for a device of the floor that only passed it on', async () => {
  for (const images of await imagesDuring(['mfp-top'])) expect(images).toBeLessThan(0.5);
});
