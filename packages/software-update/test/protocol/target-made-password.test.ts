import { describe, expect, test } from '@jest/globals';
import { Minutes, Seconds } from '@postern/core';
import { on } from '../support/in-memory-network.ts';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { REPRESENTATIVES } from '../support/schemes.ts';

const sharesOf = (site: InMemorySite): number =>
  site.network.wire.filter(({ kind }) => kind === 'share').length;

/** The device comes back as it was before it had the password. */
const losePassword = async (site: InMemorySite, renewals: number): Promise<void> => {
  const before = site.device.record;
  await site.until(() => site.updater.state.phase === 'checking' && site.updater.state.renewals === renewals);
  site.device.cutPower();
  site.device.loseWritesSince(before);
};

describe('a device that makes its password', () => {
  /** @spec U15 U17 */
  test.each(['Fig 21, in the answer', 'Fig 21, by request', 'Fig 23'] as const)(
    'and loses it is asked for another one: %s',
    async (name) => {
      const site = new InMemorySite(REPRESENTATIVES[name]);
      const before = site.device.record;
      await site.begin();
      await site.until(() => site.updater.state.phase === 'checking');
      site.device.cutPower();
      site.device.loseWritesSince(before);
      await site.until(() => site.updater.finished && site.device.running !== undefined);
      expect(site.updater.state.outcome).toEqual({ state: 'verified' });
      expect(site.journal).toContain('S108 failed bulk-login-refused');
      expect(site.network.made.size).toBe(2);
      await expectSound(site);
    },
  );

  /** @spec U15 */
  test('and loses each is given up after the third', async () => {
    const site = new InMemorySite(REPRESENTATIVES['Fig 21, in the answer']);
    await site.begin();
    for (const renewals of [0, 1, 2]) await losePassword(site, renewals);
    await site.until(() => site.updater.finished && site.device.running !== undefined);
    expect(site.updater.state.outcome).toMatchObject({ failure: { code: 'credential-refused' } });
    expect(sharesOf(site)).toBe(3);
    await expectSound(site);
  });

  /** @spec U8 U13 U15 */
  test.each(['updater', 'target'] as const)(
    'that never arrives: the update ends, and the password at the device with it; ended by the %s',
    async (eraser) => {
      const scheme = { ...REPRESENTATIVES['Fig 21, in the answer'].scheme, eraser };
      const site = new InMemorySite({ scheme, faults: [on('share', 'every', { type: 'lose-answer' })] });
      site.clock.schedule(Seconds(30), () => site.updater.cancellation.abort());
      expect(await site.run()).toMatchObject({ state: 'cancelled' });
      expect(site.network.made.size).toBeGreaterThan(1);
      expect(site.network.wire.map(({ kind }) => kind)).toContain('erase');
      await expectSound(site);
    },
  );

  /** @spec U15 */
  test('keeps none whose receipt it did not get: the updater that has it is refused, and asks again', async () => {
    const faults = [on('tell', 1, { type: 'lose-answer' })];
    const site = new InMemorySite({ ...REPRESENTATIVES['Fig 21, by request'], faults });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.journal).toContain('S108 failed bulk-login-refused');
    expect(sharesOf(site)).toBe(2);
    await expectSound(site);
  });

  /** @spec U8 U15 */
  test('that never arrives, and cannot be reached then: the erasure is owed without a password to show for it', async () => {
    const site = new InMemorySite({
      ...REPRESENTATIVES['Fig 21, in the answer'],
      faults: [on('share', 'every', { type: 'lose-answer' })],
      deadline: Minutes(1),
    });
    await site.begin();
    await site.until(() => site.updater.state.tries > 1);
    site.network.up = false;
    await site.until(() => site.updater.state.phase === 'owing');
    expect(site.updater.state).toMatchObject({ shared: 'maybe', erased: false });
    expect(site.updater.state.credential).toBeUndefined();
    expect(await site.passwordOpens()).toBe(true);
    site.network.up = true;
    await site.until(() => site.updater.finished);
    expect(site.journal.slice(-4)).toEqual(['S120', 'S121', 'S122', 'S123']);
    await expectSound(site);
  });
});

describe('a device that sends the erasure', () => {
  /** @spec U18 */
  test('is believed on its word alone: an answer is not enough', async () => {
    const faults = [on('tell', [1, 2, 3], { type: 'lose-request' })];
    const site = new InMemorySite({ ...REPRESENTATIVES['Fig 17 and 24'], faults });
    await site.begin();
    await site.until(() => site.updater.state.phase === 'owing');
    expect(site.updater.results).toEqual([{ state: 'verified' }]);
    expect(site.updater.state.credential).toBeDefined();
    await site.until(() => site.updater.finished);
    expect(site.journal.slice(-5)).toEqual(['S421', 'S422', 'S423', 'S424', 'S425']);
    await expectSound(site);
  });

  /** @spec U18 */
  test('and whose answer gets lost has said it all the same', async () => {
    const faults = [on('erase', 1, { type: 'lose-answer' })];
    const site = new InMemorySite({ ...REPRESENTATIVES['Fig 17 and 24'], faults });
    expect(await site.run()).toEqual({ state: 'verified' });
    expect(site.network.wire.filter(({ kind }) => kind === 'erase')).toHaveLength(1);
    await expectSound(site);
  });
});
