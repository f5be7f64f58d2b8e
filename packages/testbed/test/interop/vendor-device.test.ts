import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type RealTopology, startTopology } from '@postern/testbed';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { tryLogin } from '../support/ftp-caller.ts';
import { VendorDevice, vendorImage } from './support/vendor-device.ts';
import { startVsftpd } from './support/vsftpd.ts';

// Programs are started in processes of their own.
jest.setTimeout(60_000);

const SITE = 'site-a';
const DEVICE = 'vendor-1';
const MODEL = 'Vendor X7';
const IMAGE = vendorImage('2.0', 'release');
const RELEASE = { version: '2.0', releaseCounter: 2, content: IMAGE, model: MODEL };

type FtpServer = 'ftp-srv' | 'vsftpd';

interface Place {
  readonly topology: RealTopology;
  readonly device: VendorDevice;
  readonly directory: string;
}

const ask = async (
  { operator: { client } }: RealTopology,
  order: Parameters<typeof client.orderRequests>[0],
) => {
  const { id } = await client.orderRequests(order);
  await client.order(id, Seconds(30));
  const [request] = await client.listRequests({ order: id });
  return request;
};

/** A site that adopts nobody by itself, and the vendor's device, found and then adopted by the operator. */
const open = async (server: FtpServer): Promise<Place> => {
  const directory = await temporaryDirectory();
  // vsftpd is somebody else, who has to get through to its folder.
  await chmod(directory, 0o711);
  const own = join(directory, DEVICE);
  const vsftpd = server === 'vsftpd' ? await startVsftpd(directory, join(own, 'ftp')) : undefined;
  const topology = await startTopology({
    directory: join(directory, 'topology'),
    sites: [
      {
        name: SITE,
        foreignDevices: [DEVICE],
        intermediary: {
          adoption: 'confirm',
          uplink: { firstPause: 0.05, longestPause: 0.1 },
          policy: { retryPause: 0.05 },
        },
      },
    ],
  });
  afterwards(() => topology.close());
  const device = await VendorDevice.start({
    foreign: topology.foreign(DEVICE),
    directory: own,
    model: MODEL,
    totalPages: 4_711,
    vsftpd,
  });
  afterwards(() => device.close());
  await topology.operator.until('the device has registered', () => device.said('registered').length > 0);
  const activate = { kind: 'Activate', targets: [DEVICE], at: SITE, arguments: { active: true } } as const;
  expect(await ask(topology, activate)).toMatchObject({ state: 'answered', failure: null });
  await topology.operator.devicesKnown([DEVICE]);
  return { topology, device, directory };
};

/** @spec A1 U1 U4 U5 U6 U7 U8 */
describe.each<FtpServer>(['ftp-srv', 'vsftpd'])("another vendor's device of npm soap and %s", (server) => {
  it('is found, adopted, read, updated and verified, with the assurance that it has', async () => {
    const { topology, device, directory } = await open(server);
    const { operator } = topology;
    expect(await ask(topology, { kind: 'GetCounters', targets: [DEVICE] })).toMatchObject({
      state: 'answered',
      answer: { counters: [{ name: 'total-pages', value: 4_711 }] },
    });
    expect(await ask(topology, { kind: 'GetParameters', targets: [DEVICE] })).toMatchObject({
      state: 'refused',
      failure: { code: 'not-offered' },
    });
    expect(await tryLogin(device.ftpPort, SITE, 'before-any-order')).toMatch(/^530 /);
    const { id } = await operator.order(DEVICE, await operator.register(RELEASE));
    await operator.until(
      'the device has a password',
      async () => (await device.storedPassword()) !== undefined,
    );
    const oneTime = await device.storedPassword();
    const update = await operator.finished(id);
    expect(update).toMatchObject({ state: 'verified', assurance: 'patent', credential: 'erased' });
    expect(update.gaps?.map(({ gap }) => gap)).toEqual(['manifest-unchecked', 'reports-unauthenticated']);
    expect((await readFile(join(directory, DEVICE, 'firmware'))).equals(IMAGE)).toBe(true);
    // What stands there now is the erasure password, which nobody has.
    expect(await device.storedPassword()).not.toBe(oneTime);
    expect(await tryLogin(device.ftpPort, SITE, String(oneTime))).toMatch(/^530 /);
  });
});
