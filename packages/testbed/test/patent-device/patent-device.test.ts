import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { type Site, startSite } from '@postern/testbed';
import { type PatentDevice, startPatentDevice } from '../../src/patent-device/index.ts';
import { deviceIdentity } from '../../src/site/site-config.ts';
import { prepareIdentities } from '../../src/site/site-files.ts';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { tryLogin } from '../support/ftp-caller.ts';

const DEVICE = 'other-vendor-1';
const MODEL = 'Other Vendor X';
const OLD = Buffer.from('1.0.0\nfactory');
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: Buffer.from('2.0.0\nrelease'), model: MODEL };

const openSite = async (): Promise<{ readonly site: Site; readonly device: PatentDevice }> => {
  const directory = await temporaryDirectory();
  const site = await startSite({
    directory: join(directory, 'site'),
    devices: [],
    intermediary: { uplink: { firstPause: 0.05, longestPause: 0.2 }, policy: { retryPause: 0.05 } },
  });
  afterwards(() => site.close());
  const identity = deviceIdentity(DEVICE);
  await prepareIdentities(site.files, [identity]);
  const device = await startPatentDevice({
    id: DEVICE,
    model: MODEL,
    clock: systemClock,
    logger: silentLogger,
    node: await openNodeIdentity({ directory: site.files.identityDir(identity), clock: systemClock }),
    intermediary: {
      name: site.name,
      secureUrl: `https://127.0.0.1:${site.intermediary.ready.securePort}/intermediary`,
    },
    directory: join(directory, DEVICE),
    software: { firmware: OLD },
  });
  afterwards(() => device.close());
  await site.operator.devicesKnown([DEVICE]);
  return { site, device };
};

/** @spec U1 U2 U4 U5 U6 U7 U8 A1 */
describe("another vendor's device with the patent's part only", () => {
  it('is updated and verified by our intermediary, with the assurance that it has', async () => {
    const { site, device } = await openSite();
    const { operator } = site;
    const { id } = await operator.order(DEVICE, await operator.register(RELEASE));
    const { state, assurance, credential } = await operator.finished(id);
    expect({ state, assurance, credential }).toEqual({
      state: 'verified',
      assurance: 'patent',
      credential: 'erased',
    });
    expect(device.versions).toEqual({ firmware: '2.0.0' });
    expect((await device.image('firmware')).equals(RELEASE.content)).toBe(true);
    expect(await tryLogin(device.ftp.port, site.name, 'anything')).toBe('530 Login incorrect');
  });

  it('is left alone when it has the version', async () => {
    const { site } = await openSite();
    const { operator } = site;
    const same = { ...RELEASE, version: '1.0.0' };
    const { id } = await operator.order(DEVICE, await operator.register(same));
    expect((await operator.finished(id)).state).toBe('not-required');
  });
});
