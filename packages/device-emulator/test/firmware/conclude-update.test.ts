import { describe, expect, test } from '@jest/globals';
import {
  type DeviceOptions,
  manufacture,
  type Site,
  startSite,
  type TestDevice,
  UPDATER,
} from '../support/site.ts';
import { release } from '../support/software.ts';
import { login, newPassword, secureClient, update } from '../support/updater.ts';

const prepared = async (
  settings: DeviceOptions['settings'] = {},
): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { settings });
  await target.device.powerOn();
  return { site, target };
};

const share = async (site: Site, target: TestDevice): Promise<string> => {
  const oneTimePassword = newPassword();
  await secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', {
    userName: UPDATER,
    oneTimePassword,
    lifetimeSeconds: 60,
    jobId: 'job-1',
    signedManifest: release('2.0').signedManifest,
  });
  return oneTimePassword;
};

/** The erasure passwords that the intermediary is told, and whether the device's own was gone by then. */
const told = (site: Site, target: TestDevice, password: () => string) => {
  const notices: { erasurePassword?: string; login: string }[] = [];
  site.intermediary.answers.EraseOneTimePassword = async ({ jobId, erasurePassword }) => {
    const gone = await login(target, password());
    notices.push({ login: gone, ...(erasurePassword === undefined ? {} : { erasurePassword }) });
    return { jobId };
  };
  return notices;
};

/** @spec U18 U11 */
describe('an update that the device concludes', () => {
  const conclude = (
    { site, target }: { site: Site; target: TestDevice },
    invalidation: 'overwrite-random' | 'overwrite-fixed' | 'request',
  ) =>
    secureClient(site.intermediaryNode, target).call('ConcludeUpdate', {
      userName: UPDATER,
      jobId: 'job-1',
      invalidation,
    });

  test('ends the password before the intermediary hears of it', async () => {
    const both = await prepared();
    const password = await share(both.site, both.target);
    const notices = told(both.site, both.target, () => password);
    expect(await login(both.target, password)).toBe('accepted');
    expect(await conclude(both, 'overwrite-random')).toEqual({ jobId: 'job-1' });
    expect(notices).toEqual([
      { login: 'bulk-login-refused', erasurePassword: expect.stringMatching(/^[\w-]{43}$/) },
    ]);
    expect(both.site.intermediary.requests).toMatchObject([
      { path: 'secure', peer: { role: 'device', name: 'mfp-1' }, operation: 'EraseOneTimePassword' },
    ]);
  });

  test('tells of it again when it is asked again, with another random password or the same fixed one', async () => {
    const both = await prepared();
    const password = await share(both.site, both.target);
    const notices = told(both.site, both.target, () => password);
    for (const how of [
      'overwrite-random',
      'overwrite-random',
      'overwrite-fixed',
      'overwrite-fixed',
      'request',
    ] as const) {
      await conclude(both, how);
    }
    const [first, second, third, fourth, fifth] = notices.map(({ erasurePassword }) => erasurePassword);
    expect(first).not.toBe(second);
    expect(third).toBe(fourth);
    expect([first, second]).not.toContain(third);
    expect(fifth).toBeUndefined();
  });

  test('has an erasure password of its own on each device, and keeps it across a restart', async () => {
    const first = await prepared({ erasure: 'fixed' });
    const other = await prepared({ erasure: 'fixed' });
    const fixed = async (both: { site: Site; target: TestDevice }) => {
      const notices = told(both.site, both.target, newPassword);
      await conclude(both, 'overwrite-random');
      return notices[0]?.erasurePassword;
    };
    const before = await fixed(first);
    await first.target.device.powerOff();
    await first.target.device.powerOn();
    expect(await fixed(first)).toBe(before);
    expect(await fixed(other)).not.toBe(before);
  });

  test('is not concluded for the updater when the intermediary does not take the notice', async () => {
    const both = await prepared();
    const password = await share(both.site, both.target);
    await expect(conclude(both, 'request')).rejects.toMatchObject({ code: 'not-supported-yet' });
    expect(await login(both.target, password)).toBe('bulk-login-refused');
    told(both.site, both.target, () => password);
    expect(await conclude(both, 'request')).toEqual({ jobId: 'job-1' });
  });

  test('is none for a stand-alone updater, which the device cannot call', async () => {
    const both = await prepared({ updaters: ['tool-1'] });
    const tool = await both.site.enrol('intermediary', 'tool-1');
    const asked = { userName: 'tool-1', jobId: 'job-1', invalidation: 'request' } as const;
    await expect(secureClient(tool, both.target).call('ConcludeUpdate', asked)).rejects.toMatchObject({
      code: 'intermediary-only',
    });
  });

  test('ends a whole update verified', async () => {
    const { site, target } = await prepared();
    const notices = told(site, target, newPassword);
    const scheme = { eraser: 'target', invalidation: 'overwrite-fixed' } as const;
    const { state } = await update(site, target, release('2.0'), { scheme });
    expect(state.outcome).toEqual({ state: 'verified' });
    expect(state.erased).toBe(true);
    expect(notices).toHaveLength(1);
  });
});
