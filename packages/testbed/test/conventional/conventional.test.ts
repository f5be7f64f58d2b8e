import { describe, expect, it } from '@jest/globals';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { silentLogger, systemClock } from '@postern/core';
import {
  type ConventionalDevice,
  type ConventionalOutcome,
  startConventionalDevice,
  updateConventionally,
} from '../../src/conventional/index.ts';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { tryLogin } from '../support/ftp-caller.ts';

const LOGIN = { userName: 'service', password: 'fixed-for-ever' };
const OLD = Buffer.from('1.0.0\nfactory');
const NEW = Buffer.from('2.0.0\nrelease');
const common = { clock: systemClock, logger: silentLogger };

const openDevice = async (
  more: Partial<Parameters<typeof startConventionalDevice>[0]> = {},
): Promise<ConventionalDevice> => {
  const device = await startConventionalDevice({
    ...common,
    host: '127.0.0.1',
    port: 0,
    login: LOGIN,
    directory: await temporaryDirectory(),
    firmware: OLD,
    ...more,
  });
  afterwards(() => device.close());
  return device;
};

const update = ({ port }: ConventionalDevice, login = LOGIN): Promise<ConventionalOutcome> =>
  updateConventionally(
    {
      bulkPath: ftpBulkPath(common),
      endpoint: { host: '127.0.0.1', port },
      login,
      version: '2.0.0',
      image: async function* () {
        yield NEW;
      },
      clock: systemClock,
    },
    new AbortController().signal,
  );

/** @spec P2 */
describe('the conventional scheme', () => {
  it('reads the version, sends the image, and the device restarts with it (S11–S18)', async () => {
    const device = await openDevice();
    expect(await update(device)).toEqual({ state: 'verified', before: '1.0.0', after: '2.0.0' });
    expect(device.version).toBe('2.0.0');
    expect((await device.image()).equals(NEW)).toBe(true);
  });

  it('leaves a device alone that has the version (S14)', async () => {
    const device = await openDevice({ firmware: NEW });
    expect(await update(device)).toEqual({ state: 'not-required', before: '2.0.0', after: '2.0.0' });
  });

  it('notices only by the version that the device lost the image', async () => {
    const device = await openDevice({ losesImages: true });
    expect(await update(device)).toEqual({ state: 'failed', before: '1.0.0', after: '1.0.0' });
  });

  it('refuses another ID or password', async () => {
    const { port } = await openDevice();
    expect(await tryLogin(port, LOGIN.userName, 'wrong')).toBe('530 Login incorrect');
    expect(await tryLogin(port, 'root', LOGIN.password)).toBe('530 Login incorrect');
  });

  it('opens with the same password before and after an update', async () => {
    const device = await openDevice();
    const { userName, password } = LOGIN;
    expect(await tryLogin(device.port, userName, password)).toBe('230 Logged in');
    await update(device);
    expect(await tryLogin(device.port, userName, password)).toBe('230 Logged in');
  });

  it('stores no image that is larger than the storage', async () => {
    const device = await openDevice({ storageBytes: 5 });
    await expect(update(device)).rejects.toMatchObject({ code: 'bulk-file-refused' });
    expect(device.version).toBe('1.0.0');
  });
});
