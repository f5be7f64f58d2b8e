import { describe, expect, test } from '@jest/globals';
import { Days, Hours, Milliseconds } from '@postern/core';
import { type DeviceOptions, manufacture, type Site, startSite, type TestDevice } from './support/site.ts';
import { release } from './support/software.ts';
import { secureClient, update } from './support/updater.ts';

const faulty = async (
  faults: DeviceOptions['faults'] & object,
  options: DeviceOptions = {},
): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { ...options, faults });
  await target.device.powerOn();
  return { site, target };
};

describe('a device with a fault', () => {
  test('storageBytes: refuses with 552 what it has no room for', async () => {
    const { site, target } = await faulty({ storageBytes: 1_499 });
    const { state } = await update(site, target, release('2.0', { length: 1_000 }));
    expect(state.outcome).toMatchObject({
      state: 'failed',
      failure: { code: 'storage-full', message: expect.stringContaining('552') },
    });
    expect(state.erased).toBe(true);
  });

  /** @spec X5 X6 */
  test('crashDuringTransfer: goes on with the image after the power cut, once', async () => {
    const { site, target } = await faulty({ crashDuringTransfer: 1_000_000 });
    const outcome = await update(site, target, release('2.0', { length: 3_000_000 }));
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.offsets.length).toBeGreaterThan(1);
    expect(outcome.secureRequests).toEqual(['share', 'erase']);
    expect(target.events.filter(({ type }) => type === 'restarting')).toHaveLength(2);
  });

  /** @spec U10 */
  test('ignoreUpdates: takes the image again, without another share', async () => {
    const { site, target } = await faulty({ ignoreUpdates: 1 });
    const outcome = await update(site, target, release('2.0'));
    expect(outcome.steps).toContain('S119 failed version-unchanged');
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.secureRequests).toEqual(['share', 'erase']);
    expect(outcome.offsets).toEqual([0, 0]);
  });

  test('ignoreUpdates: fails when it happens at every try', async () => {
    const { site, target } = await faulty({ ignoreUpdates: 9 });
    const { state, offsets } = await update(site, target, release('2.0'), { policy: { transferTries: 2 } });
    expect(state.outcome).toMatchObject({ state: 'failed', failure: { code: 'version-unchanged' } });
    expect(offsets).toHaveLength(2);
  });

  test('neverReturns: stays dark after the restart, and starts the new software when switched on', async () => {
    const { site, target } = await faulty({ neverReturns: true });
    const stop = new AbortController();
    const dark = target.next('stopped').then(() => stop.abort());
    await expect(update(site, target, release('2.0'), { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await dark;
    expect(target.device.state).toBe('off');
    await target.device.powerOn();
    expect(target.device.versions).toEqual({ firmware: '2.0' });
  });

  test('muteStartNotification: registers, but notifies nothing; the updater looks by itself', async () => {
    const { site, target } = await faulty({ muteStartNotification: true });
    const policy = { restartTimeout: Milliseconds(700) };
    const { state, steps } = await update(site, target, release('2.0'), { policy });
    expect(state.outcome).toEqual({ state: 'verified' });
    expect(steps).not.toContain('S115 done');
    expect(site.intermediary.starts).toEqual([]);
    expect(site.intermediary.registrations).toHaveLength(2);
  });

  test('notifyWithoutMac: names the job, but proves nothing', async () => {
    const { site, target } = await faulty({ notifyWithoutMac: true });
    await update(site, target, release('2.0'));
    const notice = site.intermediary.starts.at(-1)?.notice;
    expect(notice?.jobId).toBeDefined();
    expect(notice?.mac).toBeUndefined();
  });

  test('refuseLogins: lets nobody in on the bulk path', async () => {
    const { site, target } = await faulty({ refuseLogins: true });
    const { state } = await update(site, target, release('2.0'));
    expect(state.outcome).toMatchObject({ state: 'failed', failure: { code: 'credential-refused' } });
  });

  test('jobRunningFor: is busy from power-on', async () => {
    const { site, target } = await faulty({ jobRunningFor: Hours(1) });
    const { state } = await secureClient(site.intermediaryNode, target).call('ConfirmAlive', {});
    expect(state).toBe('busy');
  });

  test('clockOffset: finds that a manifest has expired which has not', async () => {
    const { site, target } = await faulty({ clockOffset: Days(2) });
    const { state } = await update(site, target, release('2.0'));
    expect(state.outcome).toMatchObject({ state: 'failed', failure: { code: 'manifest-expired' } });
  });
});
