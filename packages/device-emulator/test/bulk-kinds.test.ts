import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { certificateFingerprint } from '@postern/bulk-transfer';
import { corruptSlot } from '@postern/device-emulator';
import { manufacture, type Site, startSite, type TestDevice, UPDATER } from './support/site.ts';
import { release } from './support/software.ts';
import { login, newPassword, secureClient, update } from './support/updater.ts';

type Kind = 'ftps-explicit' | 'ftps-implicit' | 'sftp';

const prepared = async (bulkPathKind: Kind): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { settings: { bulkPathKind } });
  await target.device.powerOn();
  return { site, target };
};

const share = async (site: Site, target: TestDevice) => {
  const oneTimePassword = newPassword();
  const answer = await secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', {
    userName: UPDATER,
    oneTimePassword,
    lifetimeSeconds: 60,
    jobId: 'job-1',
    signedManifest: release('2.0').signedManifest,
  });
  return { oneTimePassword, hostKey: answer.bulkHostKey ?? '', answer };
};

/** @spec B2 B3 */
describe.each<[Kind]>([['ftps-explicit'], ['ftps-implicit'], ['sftp']])(
  'a device whose bulk path is %s',
  (kind) => {
    test('tells the key of its other end, takes nobody in who speaks plain FTP, and is updated', async () => {
      const { site, target } = await prepared(kind);
      const { device } = await secureClient(site.intermediaryNode, target).call('GetDeviceInformation', {});
      expect(device.bulkPathKind).toBe(kind);
      const { oneTimePassword, hostKey, answer } = await share(site, target);
      expect(answer).toMatchObject({
        bulkPathKind: kind,
        bulkHostKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const at = target.device.bulkPath ?? { host: '', port: 1 };
      expect(await login({ ...target, endpoint: { ...at, kind, hostKey } }, oneTimePassword)).toBe(
        'accepted',
      );
      expect(
        await login({ ...target, endpoint: { ...at, kind, hostKey: '0'.repeat(64) } }, oneTimePassword),
      ).toBe('bulk-host-unproved');
      if (kind === 'ftps-explicit') expect(await login(target, oneTimePassword)).not.toBe('accepted');
      const outcome = await update(site, target, release('2.0', { length: 300_000 }), {
        scheme: { bulkPathKind: kind },
      });
      expect(outcome.state.outcome).toEqual({ state: 'verified' });
      expect(target.device.versions).toEqual({ firmware: '2.0' });
    });

    /** @spec D5 */
    test('has the same path, with the same key, while its firmware is unusable', async () => {
      const { site, target } = await prepared(kind);
      const { oneTimePassword, hostKey } = await share(site, target);
      await target.device.powerOff();
      await corruptSlot(target.settings.directory, 'A');
      await target.device.powerOn();
      expect(target.device.program).toBe('updater-program');
      const at = target.device.bulkPath ?? { host: '', port: 1 };
      expect(await login({ ...target, endpoint: { ...at, kind, hostKey } }, oneTimePassword)).toBe(
        'accepted',
      );
    });
  },
);

/** @spec B2 */
test('FTPS proves itself with the certificate of the device', async () => {
  const { site, target } = await prepared('ftps-explicit');
  const { certificatePem } = await site.enrol('device', 'mfp-1');
  expect((await share(site, target)).hostKey).toBe(certificateFingerprint(certificatePem));
});

/** @spec B3 */
test('SFTP proves itself with a key that only the owner of the device can read', async () => {
  const { target } = await prepared('sftp');
  const { mode } = await stat(join(target.settings.directory, 'ssh-host.key'));
  expect(mode & 0o777).toBe(0o600);
});
