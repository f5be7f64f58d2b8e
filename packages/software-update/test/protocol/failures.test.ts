import { describe, expect, test } from '@jest/globals';
import { Hours, Minutes, Seconds } from '@postern/core';
import { type Fault, on } from '../support/in-memory-network.ts';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { makeImage, RELEASE } from '../support/software.ts';

const failure = (code: string) => ({ state: 'failed', failure: expect.objectContaining({ code }) });
const storesOf = (site: InMemorySite) => site.network.wire.filter(({ kind }) => kind === 'store');

/** @spec U3 U8 */
test('a device that has everything already: not required, and the password is erased all the same', async () => {
  const site = new InMemorySite({ factory: RELEASE });
  expect(await site.run()).toEqual({ state: 'not-required' });
  expect(site.journal.slice(-6)).toEqual(['S110', 'S120', 'S121', 'S122', 'S123', 'S124']);
  expect(storesOf(site)).toEqual([]);
  await expectSound(site);
});

describe('the credential', () => {
  /** @spec U14 */
  test('ended by wrong tries during the transfer: the session drops, the next login is refused, the update fails', async () => {
    const site = new InMemorySite();
    await site.begin();
    await site.until(() => storesOf(site).some(({ bytes }) => bytes > 0));
    for (let tries = 0; tries < 10; tries++) {
      expect(await site.device.running?.target.login('site-1', `guess ${tries}`, 'attacker')).toBeUndefined();
    }
    await site.until(() => site.updater.finished);
    expect(site.updater.state.outcome).toEqual(failure('credential-refused'));
    await expectSound(site);
  });

  /** @spec U14 X3 */
  test('past its lifetime: the right password is refused', async () => {
    const site = new InMemorySite();
    site.device.busyUntil = site.clock.now() + Hours(2);
    await site.begin();
    await site.until(() => site.updater.state.phase === 'restarting');
    site.device.staysDark = true;
    const { deadline, policy } = site.job;
    await site.clock.advance(Seconds((deadline - site.clock.now() + policy.credentialMargin) / 1_000));
    expect(await site.passwordOpens()).toBe(false);
  });

  /** @spec U1 */
  test('whose receipt got lost is stored again, and only once counts', async () => {
    const site = new InMemorySite({ faults: [on('share', 1, { type: 'lose-answer' })] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S104 failed connection-lost');
    await expectSound(site);
  });

  /** @spec U8 U13 X6 */
  test.each([
    ['called off', (site: InMemorySite) => site.updater.cancellation.abort(), 'cancelled'],
    ['its deadline passes', () => {}, 'failed'],
  ])('on its way when the update is ended (%s) is erased', async (_, interrupt, state) => {
    const faults = [on('share', 'every', { type: 'lose-answer' })];
    const site = new InMemorySite({ faults, deadline: Minutes(3) });
    site.clock.schedule(Seconds(30), () => interrupt(site));
    expect(await site.run()).toMatchObject({ state });
    expect(site.network.wire.map(({ kind }) => kind)).toContain('erase');
    await expectSound(site);
  });
});

describe('the device', () => {
  test('is unreachable at first: the update waits and goes through', async () => {
    const site = new InMemorySite();
    site.network.up = false;
    site.clock.schedule(Minutes(10), () => {
      site.network.up = true;
    });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S104 failed unreachable');
    await expectSound(site);
  });

  /** @spec U8 U10 */
  test('never returns: failed, the erasure stays owed, and is made up for when it shows up', async () => {
    const site = new InMemorySite({ deadline: Hours(4) });
    site.device.staysDark = true;
    await site.begin();
    await site.until(() => site.updater.state.phase === 'owing');
    expect(site.updater.results).toEqual([failure('device-not-returned')]);
    expect(site.updater.state.credential).toBeDefined();

    site.device.staysDark = false;
    await site.device.powerOn();
    expect(await site.passwordOpens()).toBe(true);
    await site.until(() => site.updater.finished);
    expect(site.clock.now()).toBeLessThan(site.job.deadline);
    expect(site.journal.slice(-4)).toEqual(['S120', 'S121', 'S122', 'S123']);
    await expectSound(site);
  });

  /** @spec U8 X3 */
  test('never shows up again: the debt ends with the password', async () => {
    const site = new InMemorySite();
    site.device.staysDark = true;
    expect(await site.run()).toEqual(failure('device-not-returned'));
    expect(site.clock.now()).toBeGreaterThanOrEqual(site.job.deadline + site.job.policy.credentialMargin);
    expect(site.updater.state).toMatchObject({ erased: true });
    expect(site.updater.state.credential).toBeUndefined();
  });

  /** @spec U5 */
  test('has jobs for longer than a restart may take: the updater keeps asking and waits', async () => {
    const site = new InMemorySite();
    site.device.busyUntil = site.clock.now() + Minutes(12);
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.clock.now()).toBeGreaterThan(site.device.busyUntil);
    expect(site.device.restarts).toBe(1);
    // Before, once in each time that a restart may take, and after.
    expect(site.network.wire.filter(({ kind }) => kind === 'retrieve').length).toBeLessThanOrEqual(5);
    await expectSound(site);
  });

  /** @spec U7 X4 */
  test('cannot start the new software: it falls back, says so, and the update fails', async () => {
    const site = new InMemorySite({ crashing: ['2.0'] });
    expect(await site.run()).toEqual(failure('boot-failed'));
    expect(site.versions).toEqual({ firmware: '1.0', network: '3.1' });
    expect(storesOf(site)).toHaveLength(1);
    await expectSound(site);
  });

  /** @spec U7 U10 */
  test('comes back with the old version: the image is sent again, nothing is shared again', async () => {
    const site = new InMemorySite();
    await site.begin();
    await site.until(() => site.updater.state.phase === 'transferring');
    const memory = site.device.record;
    site.device.busyUntil = site.clock.now() + Minutes(2);
    await site.until(() => site.updater.state.phase === 'restarting');
    site.device.cutPower();
    site.device.loseWritesSince(memory);
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S119 failed version-unchanged');
    expect(storesOf(site)).toHaveLength(2);
    expect(site.network.wire.filter(({ kind }) => kind === 'share')).toHaveLength(1);
    await expectSound(site);
  });

  /** @spec X4 */
  test('finds the new slot decayed when it starts: it falls back and says so', async () => {
    const site = new InMemorySite();
    site.device.busyUntil = site.clock.now() + Minutes(2);
    await site.begin();
    await site.until(() => site.updater.state.phase === 'restarting');
    site.device.slots.rot('B');
    await site.until(() => site.updater.finished);
    expect(site.updater.state.outcome).toEqual(failure('boot-failed'));
    await expectSound(site);
  });

  /** @spec D5 U10 X4 */
  test('loses both slots: its updater program takes the images with the password that was kept', async () => {
    const site = new InMemorySite();
    site.device.busyUntil = site.clock.now() + Minutes(2);
    await site.begin();
    await site.until(() => site.updater.state.phase === 'restarting');
    site.device.slots.rot('A');
    site.device.slots.rot('B');
    await site.until(() => site.device.running?.booted.program === 'updater-program');
    await site.until(() => site.updater.finished);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S119 failed boot-failed');
    expect(site.network.wire.filter(({ kind }) => kind === 'share')).toHaveLength(1);
    await expectSound(site);
  });

  test.each<[string, ConstructorParameters<typeof InMemorySite>[0], string]>([
    ['is another model', { deviceModel: 'FAX 100' }, 'wrong-model'],
    [
      'requires a higher release counter',
      { release: [makeImage('firmware', '0.9', 9)] },
      'release-counter-too-low',
    ],
    ['has no such component', { release: [makeImage('scanner', '2.0', 1)] }, 'component-unknown'],
    ['finds the manifest expired', { manifest: { expires: 0 as never } }, 'manifest-expired'],
  ])('%s: refused on the secure path, before anything crosses the bulk path', async (_, options, code) => {
    const site = new InMemorySite(options);
    expect(await site.run()).toEqual(failure(code));
    expect(site.network.sniffed.size).toBe(0);
    expect(site.versions).toEqual({ firmware: '1.0', network: '3.1' });
    await expectSound(site);
  });

  test('has no room for the image', async () => {
    const site = new InMemorySite();
    site.device.slots.capacity = 2_500;
    expect(await site.run()).toEqual(failure('storage-full'));
    expect(site.journal).toContain('S112 failed storage-full');
    await expectSound(site);
  });
});

/** @spec X1 */
describe('an image that was tampered with on the bulk path', () => {
  const corrupt: Fault = { type: 'corrupt' };

  /** @spec U10 */
  test('once: it is sent again with the password that is shared already', async () => {
    const site = new InMemorySite({ faults: [on('store', 1, corrupt)] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S112 failed digest-mismatch');
    expect(storesOf(site).map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 4_000],
      [0, 4_000],
    ]);
    expect(site.network.wire.filter(({ kind }) => kind === 'share')).toHaveLength(1);
    await expectSound(site);
  });

  test('always: the update fails after the last transfer, and the old software runs on', async () => {
    const site = new InMemorySite({ faults: [on('store', 'every', corrupt)] });
    expect(await site.run()).toEqual(failure('digest-mismatch'));
    expect(storesOf(site)).toHaveLength(site.job.policy.transferTries);
    expect(site.versions).toEqual({ firmware: '1.0', network: '3.1' });
    await expectSound(site);
  });
});

/** @spec X2 */
describe('a version report that was tampered with', () => {
  const forged: Fault = { type: 'forge', content: 'firmware=2.0\nnetwork=3.1\n@activity=idle\n' };

  test('before the transfer: a forged "nothing to do" is not believed', async () => {
    const site = new InMemorySite({ faults: [on('retrieve', [1, 2], forged)] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal.filter((line) => line === 'S108 failed version-report-forged')).toHaveLength(2);
    await expectSound(site);
  });

  test('by somebody who stays: the update fails and the password is erased', async () => {
    const site = new InMemorySite({ faults: [on('retrieve', 'every', forged)] });
    expect(await site.run()).toEqual(failure('version-report-forged'));
    await expectSound(site);
  });

  /** @spec U7 */
  test('after a transfer that was tampered with, too: a forged success is none', async () => {
    const faults = [on('store', 'every', { type: 'corrupt' }), on('retrieve', [2, 3, 4, 5, 6, 7], forged)];
    const site = new InMemorySite({ faults });
    expect(await site.run()).toEqual(failure('version-report-forged'));
    expect(site.versions).toEqual({ firmware: '1.0', network: '3.1' });
    await expectSound(site);
  });
});

/** @spec X5 */
describe('a transfer that breaks', () => {
  test('goes on where it broke, without the first bytes', async () => {
    const site = new InMemorySite({ faults: [on('store', 1, { type: 'cut', afterBytes: 2_500 })] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(storesOf(site).map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 2_500],
      [2_500, 1_500],
    ]);
    await expectSound(site);
  });

  test('behind the last byte but before its end: the last byte alone is sent again', async () => {
    const site = new InMemorySite({ faults: [on('store', 1, { type: 'cut', afterBytes: 4_000 })] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(storesOf(site).map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 4_000],
      [3_999, 1],
    ]);
    await expectSound(site);
  });

  test('between two images: the first is not sent again', async () => {
    const release = [makeImage('firmware', '2.0', 11), makeImage('network', '3.2', 5, 1_500)];
    const faults = [on('store', 2, { type: 'cut', afterBytes: 700 })];
    const site = new InMemorySite({ release, faults });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(storesOf(site).map(({ name, offset }) => [name, offset])).toEqual([
      ['image.firmware', 0],
      ['image.network', 0],
      ['image.network', 700],
    ]);
    await expectSound(site);
  });

  test('with only its answer lost is not repeated', async () => {
    const site = new InMemorySite({ faults: [on('store', 1, { type: 'lose-answer' })] });
    site.device.busyUntil = site.clock.now() + Minutes(3);
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(storesOf(site)).toHaveLength(1);
    await expectSound(site);
  });
});
