import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { startDeviceProcess } from '../src/device-process.ts';

const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-device-process-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What a device process is told beside the part under test. */
const devices = () => ({
  dataDir: join(directory, 'devices'),
  vendorKeyFiles: ['vendor.pub'],
  devices: [{ id: 'car-1', identityDir: join(directory, 'car-1') }],
});

/** @spec T3 */
describe('a device with the intermediary function', () => {
  test.each<[string, object, RegExp]>([
    ['without a carrier', { intermediaryFunction: { configuration: {} } }, /^carrier: /],
    [
      'with a key that nobody knows',
      { intermediaryFunction: { carrier: 'car-1', configuration: {}, carier: 'car-1' } },
      /carier/,
    ],
    [
      'whose devices are told to belong elsewhere, too',
      {
        intermediaryFunction: { carrier: 'car-1', configuration: {} },
        intermediary: { name: 'x', secureUrl: 'https://x', noticeUrl: 'http://x' },
      },
      /^intermediary: the devices belong to the intermediaryFunction/,
    ],
    [
      'with a mistake in the configuration of the intermediary',
      { intermediaryFunction: { carrier: 'car-1', configuration: { dataDir: 'x' } } },
      /identityDir/,
    ],
  ])('%s is refused, and nothing is started', async (_, changes, message) => {
    await expect(startDeviceProcess({ ...devices(), ...changes }, ports)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(message),
    });
  });
});
