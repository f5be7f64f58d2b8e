import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { type Site, startPatentDevice, startSite } from '@postern/testbed';
import { conforms, type DeviceTarget, deviceChecks, openDeviceTarget } from '@postern/testbed/conformance';
import { deviceIdentity, intermediaryIdentity } from '../../src/site/site-config.ts';
import { prepareIdentities } from '../../src/site/site-files.ts';
import { afterwards, keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

keepForFile();
const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware\n') };
let directory = '';
let site: Site;

beforeAll(async () => {
  directory = await temporaryDirectory();
  site = await startSite({
    directory: join(directory, 'site'),
    devices: [{ id: 'printer-1', firmware: FACTORY }],
  });
  afterwards(() => site.close());
  await site.operator.devicesKnown(['printer-1']);
});

const targetAt = async (port: number, signedManifest?: Uint8Array): Promise<DeviceTarget> =>
  openDeviceTarget({
    url: `https://127.0.0.1:${port}/device`,
    node: await openNodeIdentity({
      directory: site.files.identityDir(intermediaryIdentity(site.name)),
      clock: systemClock,
    }),
    clock: systemClock,
    entropy: systemEntropy,
    logger: silentLogger,
    ...(signedManifest === undefined ? {} : { signedManifest }),
  });

/** @spec U1 U2 U8 U12 U15 X1 X2 A1 */
test('our own device passes every check', async () => {
  const manifest = await site.operator.sign({ ...FACTORY, releaseCounter: 2, version: '2.0.0' });
  const target = await targetAt(site.device('printer-1').ports.soap ?? 0, manifest);
  const results = await resultsOf(deviceChecks, target);
  expect(shortcomings(results)).toEqual([]);
  expect(results).toHaveLength(deviceChecks.length);
}, 60_000);

/** @spec U1 U2 U8 U12 A1 */
test("a device with the patent's part only has all that is required, and does not pretend to the rest", async () => {
  const identity = deviceIdentity('other-vendor-1');
  await prepareIdentities(site.files, [identity]);
  const device = await startPatentDevice({
    id: identity.name,
    model: 'Other Vendor X',
    clock: systemClock,
    logger: silentLogger,
    node: await openNodeIdentity({ directory: site.files.identityDir(identity), clock: systemClock }),
    intermediary: {
      name: site.name,
      secureUrl: `https://127.0.0.1:${site.intermediary.ready.securePort}/intermediary`,
    },
    directory: join(directory, identity.name),
    software: { firmware: Buffer.from('1.0.0\nfactory') },
  });
  afterwards(() => device.close());
  const results = await resultsOf(deviceChecks, await targetAt(device.soap.port));
  expect(conforms(results)).toBe(true);
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual([
    // A lifetime and the purpose of a password mean nothing to it, and it counts no tries.
    'erasure-opens-nothing',
    'password-lifetime',
    'password-tries',
  ]);
  const optional = results.filter(({ level }) => level === 'optional').map(({ outcome }) => outcome);
  expect(new Set(optional)).toEqual(new Set(['not-offered']));
}, 60_000);
