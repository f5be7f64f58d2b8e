import { describe, expect, test } from '@jest/globals';
import { after, Days, Hours, systemClock } from '@postern/core';
import {
  encodeTrust,
  generateVendorKey,
  pinTimeKeys,
  pinVendorKeys,
  signRotation,
  signTime,
  vendorSignerFromPem,
} from '@postern/software-update';
import { manufacture, type Site, startSite, type TestDevice, UPDATER } from './support/site.ts';
import { release, releaseOf, vendor } from './support/software.ts';
import { newJob, newPassword, secureClient, update } from './support/updater.ts';

const timeKey = generateVendorKey();
const timeSigner = vendorSignerFromPem(timeKey.privateKeyPem);

const prepared = async (): Promise<{ site: Site; target: TestDevice; nonce: string }> => {
  const site = await startSite();
  const target = await manufacture(site, {
    settings: { clock: 'none' },
    ports: { timeKeys: pinTimeKeys([timeKey.publicKeyPem]) },
  });
  const announced = target.next('announced');
  await target.device.powerOn();
  await announced;
  const { freshnessNonce = '' } = site.intermediary.registrations.at(-1)?.notice.device ?? {};
  return { site, target, nonce: freshnessNonce };
};

const timeFor = (nonce: string, time = systemClock.now(), deviceId = 'mfp-1') =>
  signTime({ deviceId, nonce, time }, timeSigner);

/** @spec X1 */
describe('a device without a clock', () => {
  const share = ({ site, target }: { site: Site; target: TestDevice }, signedTime?: Uint8Array) =>
    secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', {
      userName: UPDATER,
      oneTimePassword: newPassword(),
      lifetimeSeconds: 60,
      jobId: 'job-1',
      signedManifest: release('2.0').signedManifest,
      ...(signedTime === undefined ? {} : { signedTime }),
    });

  test('registers with a nonce that it draws anew at every start', async () => {
    const { site, target, nonce } = await prepared();
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    const announced = target.next('announced');
    await target.device.powerOff();
    await target.device.powerOn();
    await announced;
    expect(site.intermediary.registrations.at(-1)?.notice.device.freshnessNonce).not.toBe(nonce);
  });

  test('takes a manifest only with a time that was signed for it, now', async () => {
    const both = await prepared();
    const refused = { code: 'time-unproved' };
    await expect(share(both)).rejects.toMatchObject(refused);
    await expect(share(both, timeFor('ab'.repeat(16)))).rejects.toMatchObject(refused);
    await expect(share(both, timeFor(both.nonce, systemClock.now(), 'mfp-2'))).rejects.toMatchObject(refused);
    await expect(share(both, timeFor(both.nonce, after(systemClock.now(), Days(2))))).rejects.toMatchObject({
      code: 'manifest-expired',
    });
  });

  test('is updated with one', async () => {
    const { site, target, nonce } = await prepared();
    const software = release('2.0');
    const job = { ...newJob(target, software), signedTime: timeFor(nonce) };
    const { state } = await update(site, target, software, { job });
    expect(state.outcome).toEqual({ state: 'verified' });
  });
});

/** @spec X1 */
test('a device follows key rotations that come with a share, and remembers them across its restart', async () => {
  const site = await startSite();
  const target = await manufacture(site);
  await target.device.powerOn();
  const next = generateVendorKey();
  const trust = encodeTrust({ ...pinVendorKeys([next.publicKeyPem]), sequence: 1 });
  const signers = [vendor, next].map(({ privateKeyPem }) => vendorSignerFromPem(privateKeyPem));
  const rotation = signRotation(trust, signers);
  const software = releaseOf([{ name: 'firmware', version: '2.0' }], {
    signers: [vendorSignerFromPem(next.privateKeyPem)],
    expires: Hours(1),
  });
  const job = { ...newJob(target, software), keyRotations: [rotation] };
  const { state } = await update(site, target, software, { job });
  expect(state.outcome).toEqual({ state: 'verified' });
  const old = await update(site, target, release('3.0', { releaseCounter: 3 }));
  expect(old.state.outcome).toMatchObject({ failure: { code: 'manifest-signature-invalid' } });
});
