import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LogFields, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { generateVendorKey } from '@postern/software-update';
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
test.each<[string, readonly string[], object | undefined]>([
  ['that carry their own intermediary', ['automobile', 'mfp', 'automobile'], { devices: 'd-1, d-3' }],
  ['of other kinds', ['mfp', 'television'], undefined],
  [
    'in great number',
    Array.from({ length: 7 }, () => 'aircraft'),
    { devices: 'd-1, d-2, d-3, d-4, d-5, … (7)' },
  ],
])('devices %s, without intermediaryFunction: who runs them is warned', async (_, profiles, fields) => {
  await writeFile(join(directory, 'vendor.pub'), generateVendorKey().publicKeyPem);
  const warned: (LogFields | undefined)[] = [];
  const logger = { ...silentLogger, warn: (_text: string, told?: LogFields) => void warned.push(told) };
  const input = {
    dataDir: join(directory, `of-${profiles.length}`),
    vendorKeyFiles: [join(directory, 'vendor.pub')],
    intermediary: { name: 'site-a', secureUrl: 'https://x', noticeUrl: 'http://x' },
    devices: profiles.map((profile, at) => ({
      id: `d-${at + 1}`,
      profile,
      identityDir: join(directory, 'nowhere'),
    })),
  };
  // They have no identities: it is said before anything is started.
  await expect(startDeviceProcess(input, { ...ports, logger })).rejects.toBeDefined();
  expect(warned).toEqual(fields === undefined ? [] : [fields]);
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
