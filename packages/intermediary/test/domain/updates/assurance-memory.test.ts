import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { makeCredential, type SecurePath } from '@postern/software-update';
import { type DatabaseStores, openDatabaseStores } from '../../../src/adapters/database/stores.ts';
import { deviceLink, type LinkEntry } from '../../../src/domain/schemes/device-links.ts';
import { assuranceMemory, heldToAssurance } from '../../../src/domain/updates/assurance-memory.ts';
import { afterThisTest, temporaryDirectory } from '../../support/directory.ts';
import { job } from '../../support/process.ts';
import { deviceInformation, START } from '../../support/software.ts';

const clock = new VirtualClock(START);
const FULL = { manifestChecked: true, authenticatedReports: true };
const NOTHING = { manifestChecked: false, authenticatedReports: false };

let directory: string;
let database: DatabaseStores;

const open = async (): Promise<void> => {
  const opened = await openDatabaseStores(join(directory, 'i.db'), { clock, logger: memoryLogger() });
  database = opened;
  afterThisTest(() => opened.close());
};

beforeEach(async () => {
  directory = await temporaryDirectory();
  await open();
  database.stores.devices.register(deviceInformation('mfp-1'), '192.0.2.7', START);
});

const admit = (entry: LinkEntry = {}) =>
  assuranceMemory({
    devices: database.stores.devices,
    linkOf: (deviceId) => deviceLink({ scheme: {}, devices: { 'mfp-1': entry } }, deviceId),
  });

const lowered = expect.objectContaining({
  code: 'assurance-lowered',
  hint: expect.stringContaining('devices.NAME.allowLowerAssurance'),
});

/** @spec X1 X2 */
describe('a device that has once done its part', () => {
  test.each([
    ['checks no manifest any more', { ...FULL, manifestChecked: false }, 'checks manifests'],
    [
      'proves no report any more',
      { ...FULL, authenticatedReports: false },
      'authenticates its version reports',
    ],
    ['does neither', NOTHING, 'checks manifests and authenticates'],
  ])('and %s is refused, also after a restart and another registration', async (_, shown, what) => {
    admit()('mfp-1', FULL);
    database.close();
    await open();
    database.stores.devices.register(deviceInformation('mfp-1', { model: 'another' }), '192.0.2.8', START);
    expect(() => admit()('mfp-1', shown)).toThrow(lowered);
    expect(() => admit()('mfp-1', shown)).toThrow(what);
    admit()('mfp-1', FULL);
  });

  test('goes on where that is configured, and is not forgotten', () => {
    admit()('mfp-1', FULL);
    admit({ allowLowerAssurance: true })('mfp-1', NOTHING);
    expect(() => admit()('mfp-1', NOTHING)).toThrow(lowered);
  });

  test('one part is remembered without the other', () => {
    admit()('mfp-1', { ...NOTHING, authenticatedReports: true });
    admit()('mfp-1', { ...FULL });
    admit({ allowLowerAssurance: true })('mfp-1', { ...NOTHING });
    expect(database.stores.devices.assurance('mfp-1')).toEqual(FULL);
  });

  test('a device that never did, and one that is not known, is held to nothing', () => {
    admit()('mfp-1', NOTHING);
    admit()('mfp-1', NOTHING);
    expect(database.stores.devices.assurance('mfp-9')).toEqual(NOTHING);
  });
});

/** @spec A2 */
test('what nobody has proved (A2) adds nothing to the memory, and is held to it', () => {
  const unproved = admit({ tls: 'intermediary-authenticated' });
  unproved('mfp-1', FULL);
  unproved('mfp-1', NOTHING);
  admit()('mfp-1', FULL);
  expect(() => unproved('mfp-1', NOTHING)).toThrow(lowered);
});

/** @spec X1 */
test('a share that shows less fails, and its password is still erased', async () => {
  admit()('mfp-1', FULL);
  const erased: string[] = [];
  const endpoint = { host: '192.0.2.7', port: 21 };
  const path: SecurePath = {
    share: async () => ({ target: { endpoint, ...NOTHING } }),
    erase: async ({ jobId }) => {
      erased.push(jobId);
    },
  };
  const held = heldToAssurance(path, admit());
  const credential = makeCredential(seededEntropy('c'), 'site-a');
  const { signal } = new AbortController();
  const update = job('job-1', 'mfp-1', clock);
  await expect(held.share(update, credential, signal)).rejects.toEqual(lowered);
  await held.erase(update, credential, signal);
  expect(erased).toEqual(['job-1']);
});
