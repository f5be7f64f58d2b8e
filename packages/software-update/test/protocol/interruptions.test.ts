import { describe, expect, test } from '@jest/globals';
import { Minutes, Seconds } from '@postern/core';
import { on } from '../support/in-memory-network.ts';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { KillPlan } from '../support/life.ts';

/** @spec X6 */
test('an updater that is killed behind the last byte finds the waiting device and sends nothing again', async () => {
  const rehearsal = new KillPlan();
  await new InMemorySite({ updaterKills: rehearsal }).run();
  const updaterKills = new KillPlan(rehearsal.passed.indexOf('after store') + 1);

  const site = new InMemorySite({ updaterKills });
  site.device.busyUntil = site.clock.now() + Minutes(3);
  expect(await site.run()).toEqual({ state: 'verified' });
  expect(site.network.wire.filter(({ kind }) => kind === 'store')).toHaveLength(1);
  await expectSound(site);
});

/** @spec X6 */
test('an updater that is stopped while it waits for the restart writes nothing that did not happen', async () => {
  const site = new InMemorySite();
  site.device.busyUntil = site.clock.now() + Minutes(3);
  const stop = new AbortController();
  await site.device.powerOn();
  site.updater.start(stop.signal);
  await site.until(() => site.updater.state.phase === 'restarting');
  const before = site.updater.state;
  stop.abort();
  await site.clock.advance(Seconds(1));
  expect(site.updater.crashed).toMatchObject({ code: 'cancelled' });
  expect(site.updater.state).toEqual(before);
  expect(site.journal).not.toContain('S115');
});

/** @spec X6 */
test('an updater whose process ends before it has taken the waiting update up again does not wait for the device', async () => {
  const site = new InMemorySite();
  site.device.busyUntil = site.clock.now() + Minutes(3);
  const first = new AbortController();
  await site.device.powerOn();
  site.updater.start(first.signal);
  await site.until(() => site.updater.state.phase === 'restarting');
  first.abort();
  await site.clock.advance(Seconds(1));

  site.updater.crashed = undefined;
  site.updater.start(AbortSignal.abort());
  await site.clock.advance(Seconds(1));
  expect(site.updater.crashed).toMatchObject({ code: 'cancelled' });
  expect(site.updater.state.phase).toBe('restarting');
});

describe('an operator cancels', () => {
  test.each([
    ['before the transfer', 'checking', 'cancelled'],
    ['during the transfer', 'transferring', 'cancelled'],
    ['when the device already has everything', 'restarting', 'verified'],
  ] as const)('%s', async (_, phase, state) => {
    const site = new InMemorySite();
    await site.begin();
    await site.until(() => site.updater.state.phase === phase);
    site.updater.cancellation.abort();
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toMatchObject({ state });
    await expectSound(site);
  });
});

describe('an operator cancels a transfer of which nobody knows how far it came', () => {
  /** @spec X6 */
  test.each([
    [
      'behind the last byte: the device will install, so it is no cancelled update',
      'after store',
      'verified',
    ],
    ['before the first byte: it is called off', 'before store', 'cancelled'],
  ] as const)('the updater was killed %s', async (_, boundary, state) => {
    const rehearsal = new KillPlan();
    await new InMemorySite({ updaterKills: rehearsal }).run();
    const site = new InMemorySite({ updaterKills: new KillPlan(rehearsal.passed.indexOf(boundary) + 1) });
    site.device.busyUntil = site.clock.now() + Minutes(3);
    await site.begin();
    await site.until(() => site.updater.state.phase === 'transferring');
    await site.until(() => !site.updater.running);
    site.updater.cancellation.abort();
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toMatchObject({ state });
    await expectSound(site);
  });

  test('while the last bytes are under way: too late', async () => {
    const site = new InMemorySite();
    await site.begin();
    await site.until(() => site.network.wire.some(({ kind, bytes }) => kind === 'store' && bytes === 3_000));
    site.updater.cancellation.abort();
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    await expectSound(site);
  });

  test('and that broke in the middle: at once, also while the device cannot be reached', async () => {
    const site = new InMemorySite({ faults: [on('store', 1, { type: 'cut', afterBytes: 2_500 })] });
    await site.begin();
    await site.until(() => site.journal.includes('S112 failed bulk-connection-lost'));
    site.network.up = false;
    await site.until(() => site.updater.state.tries > 2);
    const before = site.clock.now();
    site.updater.cancellation.abort();
    await site.until(() => site.updater.state.outcome !== undefined);
    expect(site.updater.state.outcome).toMatchObject({ state: 'cancelled' });
    expect(site.clock.now() - before).toBeLessThan(Seconds(5));
    site.network.up = true;
    await site.until(() => site.updater.finished);
    await expectSound(site);
  });
});

/** @spec X5 */
test('what an earlier, cancelled job left in the slot is not taken for the beginning of the new image', async () => {
  const site = new InMemorySite({ policy: { transferTries: 1 } });
  await site.begin();
  await site.until(() => (site.network.wire.find(({ kind }) => kind === 'store')?.bytes ?? 0) > 1_000);
  site.updater.cancellation.abort();
  await site.until(() => site.updater.finished);

  const { target } = site.device.running ?? {};
  await target?.storeCredential({
    userName: 'site-1',
    oneTimePassword: 'another password',
    expiresAt: site.job.deadline,
    jobId: 'job-2',
    signedManifest: site.job.signedManifest,
  });
  const view = await target?.login('site-1', 'another password', 'updater');
  expect(await view?.size('image.firmware')).toBe(0);
});

test('an exchange on the secure path that never ends is given up after its time and tried again', async () => {
  const site = new InMemorySite({ faults: [on('share', 1, { type: 'delay', by: Minutes(5) })] });
  expect(await site.run()).toEqual({ state: 'verified' });
  expect(site.journal).toContain('S104 failed deadline-exceeded');
  await expectSound(site);
});
