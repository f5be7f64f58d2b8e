import { describe, expect, test } from '@jest/globals';
import { deviceContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import {
  type DeviceOptions,
  manufacture,
  type Site,
  startSite,
  type TestDevice,
  UPDATER,
} from '../support/site.ts';
import { release } from '../support/software.ts';
import { afterwards } from '../support/temporary.ts';
import { login, newPassword, secureClient, update } from '../support/updater.ts';

const prepared = async (
  secureLink: 'mutual' | 'intermediary-authenticated' | 'device-authenticated',
  settings: DeviceOptions['settings'] = {},
): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite(secureLink === 'intermediary-authenticated' ? 'none' : 'required');
  const target = await manufacture(site, { settings: { ...settings, secureLink } });
  return { site, target };
};

/** A caller that proves nothing. */
const nobody = ({ authority }: Site, { device }: TestDevice) => {
  const client = createSoapClient(deviceContract, {
    url: `https://127.0.0.1:${device.securePath?.port}/device`,
    tls: clientTlsOptions(
      { caPem: authority.certificatePem },
      { expect: { role: 'device', name: device.id } },
    ),
    clock: systemClock,
  });
  afterwards(() => client.close());
  return client;
};

const share = (oneTimePassword: string, userName = UPDATER) => ({
  userName,
  oneTimePassword,
  lifetimeSeconds: 60,
  jobId: 'job-1',
  signedManifest: release('2.0').signedManifest,
});

describe('a link on which only the intermediary proves itself', () => {
  /** @spec A2 */
  test('carries a whole update; the device shows no certificate, the intermediary has to', async () => {
    const { site, target } = await prepared('intermediary-authenticated');
    const announced = target.next('announced');
    await target.device.powerOn();
    await announced;
    expect(site.intermediary.starts).toMatchObject([{ path: 'secure', peer: undefined }]);
    await expect(nobody(site, target).call('ConfirmAlive', {})).rejects.toMatchObject({
      code: expect.stringMatching(/^(tls-refused|connection-lost)$/),
    });
    const foreign = await site.enrol('intermediary', 'site-b');
    await expect(
      secureClient(foreign, target).call('StoreOneTimePassword', share(newPassword(), 'site-b')),
    ).rejects.toMatchObject({ code: 'not-authorised' });
    const { state } = await update(site, target, release('2.0'));
    expect(state.outcome).toEqual({ state: 'verified' });
  });

  /** @spec A2 U16 U18 */
  test('neither orders nor vouches for an erasure', async () => {
    const { site, target } = await prepared('intermediary-authenticated');
    await target.device.powerOn();
    expect(await target.device.orderUpdate()).toMatchObject({ outcome: 'failed', code: 'link-too-weak' });
    await expect(
      secureClient(site.intermediaryNode, target).call('ConcludeUpdate', {
        userName: UPDATER,
        jobId: 'job-1',
        invalidation: 'request',
      }),
    ).rejects.toMatchObject({ code: 'link-too-weak', hint: expect.stringContaining('secureLink') });
    expect(site.intermediary.requests).toEqual([]);
  });
});

describe('a link on which only the device proves itself', () => {
  /** @spec A3 */
  test('takes whoever calls under a name that the device knows, and no other', async () => {
    const { site, target } = await prepared('device-authenticated', { updaters: ['tool-1'] });
    await target.device.powerOn();
    const client = nobody(site, target);
    for (const name of [UPDATER, 'tool-1']) {
      const secret = newPassword();
      await client.call('StoreOneTimePassword', share(secret, name));
      if (name === UPDATER) expect(await login(target, secret)).toBe('accepted');
    }
    await expect(client.call('StoreOneTimePassword', share(newPassword(), 'site-b'))).rejects.toMatchObject({
      code: 'not-authorised',
      hint: expect.stringContaining('devices.NAME.tls'),
    });
    const { signedManifest: _, ...bare } = share(newPassword());
    await expect(client.call('StoreOneTimePassword', bare)).rejects.toMatchObject({
      code: 'manifest-required',
    });
  });

  /** @spec A3 */
  test('carries a whole update, also with an intermediary that the device cannot check', async () => {
    const { site, target } = await prepared('device-authenticated');
    // Under a name that the certificate of the intermediary does not bear: the device does not look at it.
    const { device } = await manufacture(site, {
      id: 'mfp-2',
      settings: {
        secureLink: 'device-authenticated',
        intermediary: { ...target.settings.intermediary, name: 'site-z' },
      },
    });
    await device.powerOn();
    await target.device.powerOn();
    const { state } = await update(site, target, release('2.0'));
    expect(state.outcome).toEqual({ state: 'verified' });
    const names = site.intermediary.registrations.map(({ peer }) => peer?.name);
    expect(names).toEqual(expect.arrayContaining(['mfp-1', 'mfp-2']));
  });
});

describe('ends that do not agree', () => {
  /** @spec A1 A2 */
  test('do not come together, and the log of the device says which settings to compare', async () => {
    const site = await startSite('required');
    const { device, lines } = await manufacture(site, {
      settings: { secureLink: 'intermediary-authenticated' },
    });
    await device.powerOn();
    const refused = () => lines.find(({ message }) => message.includes('The registration'));
    while (refused() === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(refused()?.fields).toMatchObject({
      code: 'link-refused',
      reason: expect.stringContaining('secureLink: intermediary-authenticated'),
      hint: expect.stringContaining('devices.NAME.tls'),
    });
    expect(site.intermediary.registrations).toEqual([]);
  });

  /** @spec A1 A3 */
  test('an intermediary that shows nothing is refused by a device that wants to see it', async () => {
    const { site, target } = await prepared('mutual');
    await target.device.powerOn();
    await expect(nobody(site, target).call('ConfirmAlive', {})).rejects.toMatchObject({
      code: expect.stringMatching(/^(tls-refused|connection-lost)$/),
    });
    const refused = () => target.lines.find(({ message }) => message === 'A TLS connection was refused');
    while (refused() === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(refused()?.fields).toMatchObject({ secureLink: 'mutual' });
  });
});

/** @spec U20 */
test('a stand-alone updater that the device was told of may call it under its own name', async () => {
  const { site, target } = await prepared('mutual', { updaters: ['tool-1'] });
  await target.device.powerOn();
  const tool = secureClient(await site.enrol('intermediary', 'tool-1'), target);
  await expect(tool.call('StoreOneTimePassword', share(newPassword(), 'tool-1'))).resolves.toMatchObject({
    jobId: 'job-1',
  });
  await expect(tool.call('StoreOneTimePassword', share(newPassword(), UPDATER))).rejects.toMatchObject({
    code: 'not-authorised',
  });
  const other = secureClient(await site.enrol('intermediary', 'tool-2'), target);
  await expect(other.call('StoreOneTimePassword', share(newPassword(), 'tool-2'))).rejects.toMatchObject({
    code: 'not-authorised',
  });
  const device = secureClient(await site.enrol('device', 'tool-1-device'), target);
  await expect(device.call('ConfirmAlive', {})).rejects.toMatchObject({ code: 'not-authorised' });
});
