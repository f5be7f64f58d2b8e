import { describe, expect, test } from '@jest/globals';
import { PosternError, Seconds, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { profileNamed } from '@postern/device-emulator';
import { manufacture, type Site, startSite, type TestDevice } from './support/site.ts';

const mfp = profileNamed('mfp');

/** Its paper lasts for one page until it runs low, and for two until it is at an end. */
const PROFILE = {
  ...mfp,
  supplies: { ...mfp.supplies, paper: { initialPercent: 0.3, lowPercent: 0.2 } },
};

const prepared = async (): Promise<{ site: Site; target: TestDevice; clock: VirtualClock }> => {
  const site = await startSite();
  const clock = new VirtualClock(systemClock.now());
  const target = await manufacture(site, { clock, settings: { profile: PROFILE } });
  await target.device.powerOn();
  return { site, target, clock };
};

const noticesOf = (site: Site) =>
  site.intermediary.requests.map(({ operation, notice }) => ({
    operation,
    ...(notice as { noticeId: string }),
  }));

/** Lets time pass until so many notices have come. */
const notices = async (site: Site, clock: VirtualClock, count: number) => {
  while (site.intermediary.requests.length < count) {
    await clock.advance(Seconds(0.05));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return noticesOf(site);
};

const accept = ({ noticeId }: { readonly noticeId: string }) =>
  ({ inReplyTo: noticeId, outcome: 'succeeded', text: '' }) as const;

/** @spec D3 D4 */
describe('a supply that jobs use up', () => {
  test('is told of when it comes to run low, and when it is at an end', async () => {
    const { site, target, clock } = await prepared();
    site.intermediary.answers.NotifySupply = accept;
    target.device.startJob({ kind: 'copy', units: 1 });
    await clock.advance(Seconds(2));
    expect(await notices(site, clock, 1)).toMatchObject([
      { operation: 'NotifySupply', supply: 'paper', remainingPercent: 0 },
    ]);
    expect(target.device.view.supplies['paper']).toBeCloseTo(0.1);
    target.device.startJob({ kind: 'copy', units: 3 });
    await clock.advance(Seconds(6));
    expect(await notices(site, clock, 2)).toHaveLength(2);
    expect(target.device.view.supplies['paper']).toBe(0);
  });

  test('is full again when somebody has put a full one in', async () => {
    const { target } = await prepared();
    await target.device.refill('paper');
    expect(target.device.view.supplies['paper']).toBe(100);
    await expect(target.device.refill('ink')).rejects.toMatchObject({ code: 'supply-unknown' });
    await target.device.powerOff();
    await expect(target.device.refill('paper')).rejects.toMatchObject({ code: 'firmware-not-running' });
  });
});

/** @spec D4 */
describe('something that is out of order', () => {
  test.each([
    ['paper-jam', 'Paper is jammed in the engine'],
    ['engine-failure', 'The engine does not answer'],
  ] as const)('is told and shown (%s)', async (code, text) => {
    const { site, target, clock } = await prepared();
    site.intermediary.answers.NotifyAbnormality = accept;
    target.device.trouble(code);
    expect(await notices(site, clock, 1)).toMatchObject([{ operation: 'NotifyAbnormality', code, text }]);
    expect(target.device.panel).toEqual([text]);
  });

  test('is told again, by the same identifier, until it was answered, and not after that', async () => {
    const { site, target, clock } = await prepared();
    let tries = 0;
    site.intermediary.answers.NotifyAbnormality = (notice) => {
      tries += 1;
      if (tries === 1) throw new PosternError('internal-error', 'As if the disk were full');
      return tries === 2 ? { ...accept(notice), inReplyTo: 'another' } : accept(notice);
    };
    target.device.trouble('paper-jam');
    const [first, ...others] = await notices(site, clock, 3);
    expect(others.map(({ noticeId }) => noticeId)).toEqual([first?.noticeId, first?.noticeId]);
    target.device.mend();
    target.device.trouble('paper-jam');
    const fourth = (await notices(site, clock, 4)).at(-1);
    expect(fourth?.noticeId).not.toBe(first?.noticeId);
  });

  /** @spec D1 X6 */
  test('is told after a power cut, too', async () => {
    const { site, target, clock } = await prepared();
    target.device.trouble('paper-jam');
    const [first] = await notices(site, clock, 1);
    await target.device.powerOff();
    site.intermediary.answers.NotifyAbnormality = accept;
    await target.device.powerOn();
    const [, again] = await notices(site, clock, 2);
    expect(again).toEqual(first);
  });
});
