import { describe, expect, test } from '@jest/globals';
import { invalidationCode } from '@postern/software-update';
import { LOOPBACK, manufacture, type Site, startSite, type TestDevice, UPDATER } from '../support/site.ts';
import { release } from '../support/software.ts';
import { login, newPassword, plainClient, secureClient } from '../support/updater.ts';

const prepared = async (): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { settings: { plain: LOOPBACK } });
  await target.device.powerOn();
  return { site, target };
};

const REPORT_KEY = 'cd'.repeat(32);

const share = async (site: Site, target: TestDevice, reportKey?: string): Promise<string> => {
  const oneTimePassword = newPassword();
  await secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', {
    userName: UPDATER,
    oneTimePassword,
    lifetimeSeconds: 60,
    jobId: 'job-1',
    signedManifest: release('2.0').signedManifest,
    ...(reportKey === undefined ? {} : { reportKey: Buffer.from(reportKey, 'hex') }),
  });
  return oneTimePassword;
};

describe('the plain path', () => {
  test('is off unless it is configured, and told when it is on', async () => {
    const site = await startSite();
    const without = await manufacture(site);
    await without.device.powerOn();
    expect(without.device.plainPath).toBeUndefined();
    const { target } = await prepared();
    expect(target.device.ports.plain).toBe(target.device.plainPath?.port);
  });

  test('is told in the device information', async () => {
    const { site, target } = await prepared();
    const { device } = await secureClient(site.intermediaryNode, target).call('GetDeviceInformation', {});
    expect(device.plainPath).toEqual(target.device.plainPath);
    const registered = site.intermediary.registrations.at(-1)?.notice.device ?? device;
    expect(registered.plainPath).toEqual(target.device.plainPath);
  });

  test('keeps its port across a restart', async () => {
    const { target } = await prepared();
    const before = target.device.plainPath;
    await target.device.powerOff();
    await target.device.powerOn();
    expect(target.device.plainPath).toEqual(before);
  });

  test('takes no request that could hold a secret or tell one', async () => {
    const { target } = await prepared();
    const client = plainClient(target);
    const refused = { code: 'secure-path-only', kind: 'client' };
    const oneTimePassword = newPassword();
    await expect(
      client.call('StoreOneTimePassword', {
        userName: UPDATER,
        oneTimePassword,
        lifetimeSeconds: 60,
        jobId: 'job-1',
        signedManifest: release('2.0').signedManifest,
      }),
    ).rejects.toMatchObject(refused);
    expect(await login(target, oneTimePassword)).toBe('bulk-login-refused');
    for (const operation of ['ConfirmAlive', 'GetDeviceInformation', 'GetCounters', 'CollectLogs'] as const) {
      await expect(client.call(operation, {})).rejects.toMatchObject(refused);
    }
  });

  /** @spec U12 */
  test('ends a password for whoever has the code of its job, and for nobody else', async () => {
    const { site, target } = await prepared();
    const password = await share(site, target, REPORT_KEY);
    const client = plainClient(target);
    const ask = (mac?: string, jobId = 'job-1') =>
      client.call('InvalidateOneTimePassword', {
        userName: UPDATER,
        jobId,
        ...(mac === undefined ? {} : { mac }),
      });
    const code = (key: string, deviceId = 'mfp-1') =>
      invalidationCode(key, { deviceId, userName: UPDATER, jobId: 'job-1' });
    for (const wrong of [undefined, code('ab'.repeat(32)), code(REPORT_KEY, 'mfp-2')]) {
      await expect(ask(wrong)).rejects.toMatchObject({ code: 'request-unproved', kind: 'client' });
    }
    expect(await ask(code(REPORT_KEY), 'job-2')).toEqual({ jobId: 'job-2', invalidated: false });
    expect(await login(target, password)).toBe('accepted');
    expect(await ask(code(REPORT_KEY))).toEqual({ jobId: 'job-1', invalidated: true });
    expect(await login(target, password)).toBe('bulk-login-refused');
    expect(await ask(code(REPORT_KEY))).toEqual({ jobId: 'job-1', invalidated: false });
  });

  test('refuses an address that asks too often', async () => {
    const { target } = await prepared();
    const client = plainClient(target);
    const ask = () => client.call('InvalidateOneTimePassword', { userName: UPDATER, jobId: 'job-1' });
    const results = await Promise.allSettled(Array.from({ length: 30 }, ask));
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'answered'));
    expect(codes.filter((code) => code === 'answered').length).toBeGreaterThanOrEqual(10);
    expect(codes).toContain('too-many-requests');
  });
});
