import { describe, expect, test } from '@jest/globals';
import { deviceContract } from '@postern/contracts';
import { systemClock, systemEntropy } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { manufacture, type Site, startSite, switchable, type TestDevice, UPDATER } from '../support/site.ts';
import { release } from '../support/software.ts';
import { login, newPassword, secureClient } from '../support/updater.ts';

const credential = (oneTimePassword: string, jobId = 'job-1') => ({
  userName: UPDATER,
  oneTimePassword,
  lifetimeSeconds: 60,
  jobId,
  signedManifest: release('2.0').signedManifest,
});

const prepared = async (requireManifest = true): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { requireManifest });
  await target.device.powerOn();
  return { site, target };
};

/** @spec A1 */
describe('who may call a device', () => {
  const call = (node: EnrolledNode, target: TestDevice, userName = UPDATER) =>
    secureClient(node, target).call('StoreOneTimePassword', { ...credential(newPassword()), userName });

  test('only its own intermediary, and only under its own name', async () => {
    const { site, target } = await prepared();
    const refused = { code: 'not-authorised', status: 403 };
    await expect(call(await site.enrol('intermediary', 'site-b'), target, 'site-b')).rejects.toMatchObject(
      refused,
    );
    await expect(call(await site.enrol('intermediary', 'site-c'), target)).rejects.toMatchObject(refused);
    await expect(call(await site.enrol('device', 'mfp-2'), target)).rejects.toMatchObject(refused);
    await expect(call(site.intermediaryNode, target, 'site-b')).rejects.toMatchObject(refused);
    await expect(call(site.intermediaryNode, target)).resolves.toMatchObject({ jobId: 'job-1' });
  });

  test('nobody without a certificate', async () => {
    const { site, target } = await prepared();
    const client = createSoapClient(deviceContract, {
      url: `https://127.0.0.1:${target.device.securePath?.port}/device`,
      tls: clientTlsOptions({ caPem: site.authority.certificatePem }, { expect: 'unauthenticated' }),
      clock: systemClock,
    });
    await expect(client.call('ConfirmAlive', {})).rejects.toMatchObject({
      code: expect.stringMatching(/^(tls-refused|connection-lost)$/),
    });
    await client.close();
  });
});

describe('the one-time password', () => {
  /** @spec U1 */
  test('opens the bulk path at the address that was answered', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const secret = newPassword();
    const request = { ...credential(secret), reportKey: systemEntropy.bytes(32) };
    expect(await login(target, secret)).toBe('bulk-login-refused');
    expect(await client.call('StoreOneTimePassword', request)).toEqual({
      jobId: 'job-1',
      bulkPath: target.device.bulkPath,
      bulkPathKind: 'ftp',
      authenticatedReports: true,
      manifestChecked: true,
    });
    expect(await login(target, secret)).toBe('accepted');
    expect(JSON.stringify(target.lines)).not.toContain(secret);
  });

  /** @spec U8 */
  test('is gone after the erasure of its own job, and of no other', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const secret = newPassword();
    await client.call('StoreOneTimePassword', credential(secret));
    const erase = (jobId: string) =>
      client.call('StoreOneTimePassword', {
        userName: UPDATER,
        oneTimePassword: newPassword(),
        lifetimeSeconds: 1,
        jobId,
        purpose: 'erasure',
      });
    expect(await erase('job-0')).toEqual({ jobId: 'job-0' });
    expect(await login(target, secret)).toBe('accepted');
    expect(await erase('job-1')).toEqual({ jobId: 'job-1' });
    expect(await login(target, secret)).toBe('bulk-login-refused');
  });

  /** @spec U12 */
  test('is gone after a request that needs no secrecy', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const secret = newPassword();
    await client.call('StoreOneTimePassword', credential(secret));
    const invalidate = () => client.call('InvalidateOneTimePassword', { userName: UPDATER, jobId: 'job-1' });
    expect(await invalidate()).toEqual({ jobId: 'job-1', invalidated: true });
    expect(await login(target, secret)).toBe('bulk-login-refused');
    expect(await invalidate()).toEqual({ jobId: 'job-1', invalidated: false });
  });

  /** @spec U14 X3 */
  test('ends with the tenth wrong try, also across a power cut', async () => {
    const { site, target } = await prepared();
    const secret = newPassword();
    await secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', credential(secret));
    for (let tries = 0; tries < 9; tries += 1)
      expect(await login(target, newPassword())).toBe('bulk-login-refused');
    expect(await login(target, secret)).toBe('accepted');
    await target.device.powerOff();
    await target.device.powerOn();
    expect(await login(target, newPassword())).toBe('bulk-login-refused');
    expect(await login(target, secret)).toBe('bulk-login-refused');
  });

  test('is refused without a manifest, unless the device was told otherwise', async () => {
    const { signedManifest: _, ...bare } = credential(newPassword());
    const strict = await prepared();
    await expect(
      secureClient(strict.site.intermediaryNode, strict.target).call('StoreOneTimePassword', bare),
    ).rejects.toMatchObject({ code: 'manifest-required', kind: 'client' });
    const lenient = await prepared(false);
    await expect(
      secureClient(lenient.site.intermediaryNode, lenient.target).call('StoreOneTimePassword', bare),
    ).resolves.toMatchObject({ manifestChecked: false, authenticatedReports: false });
  });
});

describe('what else a device answers', () => {
  test('who it is, how it is, and its settings', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    expect((await client.call('GetDeviceInformation', {})).device).toEqual({
      deviceId: 'mfp-1',
      model: 'Postern MFP-100',
      components: { item: [{ component: 'firmware', version: '1.0' }] },
      bulkPathKind: 'ftp',
      securePath: target.device.securePath,
      bulkPath: target.device.bulkPath,
      profile: 'mfp',
      authenticatedReports: true,
      secureLink: 'mutual',
      remembersRequests: true,
    });
    expect((await client.call('ConfirmAlive', {})).state).toBe('ready');
    expect((await client.call('GetParameters', { names: { name: ['location'] } })).parameters.item).toEqual([
      { name: 'location', value: '' },
    ]);
  });
});

describe('a device with a wrong identity', () => {
  test('does not start', async () => {
    const site = await startSite();
    const target = await manufacture(site);
    await site.enrol('device', 'mfp-9');
    const wrong = switchable({ ...target.settings, identityDirectory: `${site.directory}/pki/mfp-9` });
    await expect(wrong.device.powerOn()).rejects.toMatchObject({ code: 'identity-unexpected' });
    expect(wrong.device.state).toBe('halted');
  });
});
