import { describe, expect, test } from '@jest/globals';
import { Minutes } from '@postern/core';
import { on } from '../support/in-memory-network.ts';
import { InMemorySite, type SiteOptions } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { LIST } from '../support/schemes.ts';

const failure = (code: string) => ({ state: 'failed', failure: expect.objectContaining({ code }) });

const siteWith = (options: SiteOptions = {}): InMemorySite => new InMemorySite({ scheme: LIST, ...options });

const refusalsOf = (site: InMemorySite): number =>
  site.journal.filter((line) => line.endsWith('failed bulk-login-refused')).length;

/** The device has seen later entries: something was lost on the way to the updater. */
const deviceAt = async (site: InMemorySite, ...entries: readonly number[]): Promise<void> => {
  await site.device.powerOn();
  for (const entry of entries) {
    const { password = '' } = site.list?.list.entries[entry] ?? {};
    expect(await site.device.running?.target.login(site.job.updaterId, password, 'updater')).toBeDefined();
  }
};

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const finish = async (site: InMemorySite) => {
  site.updater.start();
  await site.until(() => site.updater.finished && site.device.running !== undefined);
  return site.updater.state.outcome;
};

/** @spec P1 */
describe('with a password list', () => {
  test('one password serves check and transfer, the next reads the version after the restart', async () => {
    const site = siteWith();
    expect(await site.run()).toEqual({ state: 'verified' });
    const [first, second] = site.list?.list.entries ?? [];
    expect([...site.network.sniffed]).toEqual([first?.password, second?.password]);
    expect(site.list?.next).toBe(2);
    expect(site.device.record?.passwordLists?.positions).toEqual([{ list: site.list?.list.list, next: 2 }]);
    await expectSound(site);
  });

  test('an updater that is behind hears how far when it tells that its entry is over', async () => {
    const site = siteWith();
    await deviceAt(site, 5);
    expect(await finish(site)).toEqual({ state: 'verified' });
    expect(refusalsOf(site)).toBe(1);
    expect(site.list?.next).toBe(7);
    await expectSound(site);
  });

  test('an updater that is behind and cannot tell the device goes forwards entry by entry', async () => {
    const site = siteWith({ faults: [on('mark', [1, 2, 3, 4, 5], { type: 'lose-request' })] });
    await deviceAt(site, 5);
    expect(await finish(site)).toEqual({ state: 'verified' });
    expect(refusalsOf(site)).toBe(5);
    expect(site.list?.next).toBe(7);
  });

  test('sixteen entries are the most that one update goes forwards; the next one goes on', async () => {
    const far = siteWith();
    await deviceAt(far, 16);
    expect(await finish(far)).toEqual({ state: 'verified' });

    const tooFar = siteWith();
    await deviceAt(tooFar, 16, 20);
    expect(await finish(tooFar)).toEqual(failure('credential-refused'));
    expect(tooFar.list?.next).toBe(17);
    expect(tooFar.network.wire.filter(({ kind }) => kind === 'store')).toEqual([]);
  });

  test.each([
    ['within the device’s window', 9],
    ['far beyond it', 45],
  ])('an updater that is ahead, %s, takes the device along', async (_, ahead) => {
    const site = siteWith();
    site.list?.noteUsed(ahead - 1);
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(refusalsOf(site)).toBe(ahead > 16 ? 1 : 0);
    const next = site.list?.next ?? 0;
    expect(next).toBe(ahead + (ahead > 16 ? 3 : 2));
    expect(site.device.record?.passwordLists?.positions).toMatchObject([{ next }]);
    await expectSound(site);
  });

  test('somebody who refuses logins in the name of the device drives the sides no further apart', async () => {
    const site = siteWith({ faults: [on('open', 'every', { type: 'refuse' })] });
    expect(await site.run()).toEqual(failure('credential-refused'));
    expect(site.list?.next).toBe(17);
    expect(site.device.record?.passwordLists?.positions).toMatchObject([{ next: 17 }]);
  });

  test('who keeps the marks away as well costs entries, and the first login without him mends it', async () => {
    const site = siteWith({
      faults: [
        on('open', range(1, 5), { type: 'refuse' }),
        on('mark', range(1, 5), { type: 'forge-mark', next: (entry) => entry + 3 }),
      ],
    });
    site.list?.noteUsed(19);
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.device.record?.passwordLists?.positions).toMatchObject([{ next: site.list?.next }]);
    await expectSound(site);
  });

  test.each([
    ['far ahead', 1e6],
    ['behind', -7],
  ])('a forged answer, %s, costs one update no more than sixteen entries beyond the first', async (_, by) => {
    const site = siteWith({
      faults: [
        on('open', 'every', { type: 'refuse' }),
        on('mark', 'every', { type: 'forge-mark', next: (entry) => entry + by }),
      ],
    });
    expect(await site.run()).toEqual(failure('credential-refused'));
    expect(site.list?.next).toBe(17);
  });

  test('an answer that gets lost is asked for again: nothing is used up by it', async () => {
    const site = siteWith({ faults: [on('mark', [1, 3], { type: 'lose-answer' })] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S46 failed connection-lost');
    expect(refusalsOf(site)).toBe(0);
    expect(site.list?.next).toBe(2);
    await expectSound(site);
  });

  test('a guesser who ends the password during the transfer costs an entry, not the update', async () => {
    const site = siteWith();
    await site.begin();
    await site.until(() => site.network.wire.some(({ kind, bytes }) => kind === 'store' && bytes > 0));
    for (let tries = 0; tries < 10; tries++) {
      expect(await site.device.running?.target.login('site-1', `guess ${tries}`, 'attacker')).toBeUndefined();
    }
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S51 failed bulk-login-refused');
    await expectSound(site);
  });

  test('a device that has jobs for a long time is asked again and again with one and the same entry', async () => {
    const site = siteWith();
    site.device.busyUntil = site.clock.now() + Minutes(25);
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.network.wire.filter(({ kind }) => kind === 'retrieve').length).toBeGreaterThan(4);
    expect(site.network.wire.filter(({ kind }) => kind === 'store')).toHaveLength(1);
    expect(site.list?.next).toBe(2);
    await expectSound(site);
  });

  test('a device that still has jobs at the deadline is called off: a failed update is none', async () => {
    const site = siteWith({ deadline: Minutes(12) });
    site.device.busyUntil = site.clock.now() + Minutes(15);
    expect(await site.run()).toEqual(failure('deadline-exceeded'));
    await site.clock.advance(Minutes(10));
    expect(site.versions).toEqual({ firmware: '1.0', network: '3.1' });
    await expectSound(site);
  });

  test('a start notification that gets lost costs one refused login', async () => {
    const site = siteWith({ faults: [on('notice', [2, 3, 4], { type: 'lose-request' })] });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S56 failed bulk-login-refused');
    expect(site.list?.next).toBe(2);
    await expectSound(site);
  });

  test('a device that comes back with the old version gets the image again, with a password of its own', async () => {
    const site = siteWith();
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
    expect(site.network.sniffed.size).toBe(3);
    await expectSound(site);
  });

  /** @spec D5 U10 X4 */
  test('a device that loses both slots takes the images in its updater program, which cannot be told anything', async () => {
    const site = siteWith();
    site.device.busyUntil = site.clock.now() + Minutes(2);
    await site.begin();
    await site.until(() => site.updater.state.phase === 'restarting');
    site.device.slots.rot('A');
    site.device.slots.rot('B');
    await site.until(() => site.device.running?.booted.program === 'updater-program');
    const marks = () => site.network.wire.filter(({ kind }) => kind === 'mark').length;
    const before = marks();
    await site.until(() => site.device.running?.booted.program === 'firmware');
    expect(marks()).toBe(before);
    await site.until(() => site.updater.finished);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S119 failed boot-failed');
    expect(site.updater.state.target?.manifestChecked).toBe(true);
    expect(refusalsOf(site)).toBe(0);
    expect(site.network.sniffed.size).toBe(3);
    expect(site.list?.next).toBe(3);
    await expectSound(site);
  });

  /** @spec D5 X6 */
  test('one that loses its only slot in the middle of the transfer goes on with the password that was marked', async () => {
    const site = siteWith();
    await site.begin();
    await site.until(() => site.network.wire.some(({ kind, bytes }) => kind === 'store' && bytes > 0));
    site.device.slots.rot('A');
    site.device.cutPower();
    await site.until(() => site.device.running?.booted.program === 'updater-program');
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toEqual({ state: 'verified' });
    await expectSound(site);
  });

  test('a software that the device refuses is refused with the password, before anything is sent', async () => {
    const site = siteWith({ deviceModel: 'FAX 100' });
    expect(await site.run()).toEqual(failure('wrong-model'));
    expect(site.journal).toContain('S46 failed wrong-model');
    expect(site.network.wire.filter(({ kind }) => kind === 'store')).toEqual([]);
    await expectSound(site);
  });

  test('a device that cannot be reached at the end is told when it is back', async () => {
    const site = siteWith();
    await site.begin();
    await site.until(() => site.updater.state.phase === 'erasing');
    site.network.up = false;
    await site.until(() => site.updater.state.phase === 'owing');
    expect(await site.passwordOpens()).toBe(true);
    site.network.up = true;
    await site.until(() => site.updater.finished);
    expect(site.journal.slice(-4)).toEqual(['S45', 'S46', 'S47', 'S48']);
    await expectSound(site);
  });

  test('a password that the device was never told of is not used again', async () => {
    const site = siteWith({ deadline: Minutes(2) });
    await site.begin();
    await site.until(() => site.updater.state.phase === 'checking');
    site.network.up = false;
    await site.until(() => site.updater.finished);
    expect(site.updater.state.outcome).toEqual(failure('deadline-exceeded'));
    expect(site.list?.next).toBe(1);
  });

  test('without an unused password nothing is begun, and without a second one nothing is verified', async () => {
    const empty = siteWith({ listLength: 1 });
    empty.list?.noteUsed(0);
    expect(await empty.run()).toEqual(failure('password-list-exhausted'));
    expect(empty.network.wire.map(({ kind }) => kind)).toEqual(['notice']);
    expect(empty.journal).toEqual(['IMAGE', 'S41 failed password-list-exhausted', 'S124']);

    const last = siteWith({ listLength: 1 });
    expect(await last.run()).toEqual(failure('password-list-exhausted'));
    expect(last.journal).toContain('S56 failed password-list-exhausted');
    expect(await last.passwordOpens()).toBe(false);
  });
});
