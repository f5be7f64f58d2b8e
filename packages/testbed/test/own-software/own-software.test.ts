import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { processGone } from '../support/leftovers.ts';
import { PRINTER, RELEASE } from '../support/printer-site.ts';
import { type ProgramOptions, programRelease } from './own-programs.ts';
import {
  bytesArrived,
  INSTALLED,
  logLines,
  OWN,
  openOwnSite,
  ownVersion,
  programPid,
  programStarted,
} from './own-site.ts';

const VERIFIED = { state: 'verified', assurance: 'full', credential: 'erased', failure: null };
const BOOT_FAILED = { state: 'failed', credential: 'erased', failure: { code: 'boot-failed' } };
const LIMIT = 120_000;

keepForFile();

const order = async ({ operator }: Site, program: ProgramOptions): Promise<string> =>
  (await operator.order(OWN, await operator.register(programRelease(program)))).id;

const update = async (site: Site, program: ProgramOptions) =>
  site.operator.finished(await order(site, program));

const listed = (site: Site, version: string): Promise<void> =>
  site.operator.until(`${version} is listed`, async () => (await ownVersion(site)) === version);

const expectSiteToWork = async ({ operator }: Site): Promise<void> => {
  const printer = await operator.order(PRINTER, await operator.register(RELEASE));
  expect(['verified', 'not-required']).toContain((await operator.finished(printer.id)).state);
};

/**
 * One site, and what may happen to it one after the other.
 *
 * @spec U21
 */
describe('the own software of an intermediary', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openOwnSite();
  }, LIMIT);

  it('is the installed package at first', async () => {
    expect(await ownVersion(site)).toBe(INSTALLED);
  });

  /** @spec X4 */
  it.each(['crashes', 'migrates'] as const)(
    'falls back by itself when the new program %s at its start, and the site goes on',
    async (behaviour) => {
      const before = (await logLines(site)).length;
      expect(await update(site, { version: '2.0.0', releaseCounter: 2, behaviour })).toMatchObject(
        BOOT_FAILED,
      );
      expect(await ownVersion(site)).toBe(INSTALLED);
      const log = (await logLines(site)).slice(before);
      expect(log.filter(({ msg, trial }) => msg === 'A program is started' && trial)).toHaveLength(2);
      expect(log.some(({ msg }) => msg.includes('is put back'))).toBe(behaviour === 'migrates');
      await expectSiteToWork(site);
    },
    LIMIT,
  );

  it.each([
    ['2.0.0', 2],
    ['3.0.0', 3],
  ])(
    'is updated to %s by an order of the server, and the site goes on',
    async (version, releaseCounter) => {
      const { operator } = site;
      const id = await order(site, { version, releaseCounter });
      expect(await operator.finished(id)).toMatchObject(VERIFIED);
      const steps = (await operator.client.journal(id)).map(({ step }) => step);
      expect(steps).toEqual(expect.arrayContaining(['S113', 'S115', 'S119', 'S123', 'S124']));
      await listed(site, version);
      await expectSiteToWork(site);
    },
    LIMIT,
  );

  /** @spec X4 */
  it(
    'falls back to the update before when the image holds a program of another version',
    async () => {
      const liar = { version: '4.0.0', releaseCounter: 4, claims: '4.1.0' };
      expect(await update(site, liar)).toMatchObject(BOOT_FAILED);
      await listed(site, '3.0.0');
    },
    LIMIT,
  );

  it('is not updated with software for another model', async () => {
    const foreign = { version: '5.0.0', releaseCounter: 5, model: 'Postern Gateway' };
    await expect(order(site, foreign)).rejects.toMatchObject({ code: 'wrong-model' });
  });

  /** @spec X1 */
  it('never goes back below what was committed', async () => {
    const old = await update(site, { version: '2.5.0', releaseCounter: 2 });
    expect(old).toMatchObject({ state: 'failed', failure: { code: 'release-counter-too-low' } });
  });
});

/** @spec U21 X4 */
it(
  'a new program that hangs at its start is given up in time',
  async () => {
    const site = await openOwnSite({ startLimit: 1 });
    const hanging = { version: '2.0.0', releaseCounter: 2, behaviour: 'hangs' } as const;
    expect(await update(site, hanging)).toMatchObject(BOOT_FAILED);
    await expectSiteToWork(site);
  },
  LIMIT,
);

/**
 * Each time from one slot into the other.
 *
 * @spec U21 X6
 */
describe('kill -9 during an update of the own software', () => {
  const ballast = 24 * 1_024 ** 2;
  let site: Site;
  beforeAll(async () => {
    site = await openOwnSite();
  }, LIMIT);

  it(
    'of the launcher takes the program with it, and both go on',
    async () => {
      const id = await order(site, { version: '2.0.0', releaseCounter: 2, ballast });
      await site.operator.until('bytes have arrived', () => bytesArrived(site, 'B'));
      const program = await programPid(site);
      expect(program).not.toBe(site.intermediary.pid);
      await site.intermediary.kill();
      await processGone(program);
      await site.startIntermediary();
      expect(await site.operator.finished(id)).toMatchObject(VERIFIED);
    },
    LIMIT,
  );

  it(
    'of the program has the launcher start it again',
    async () => {
      const launcher = site.intermediary.pid;
      const id = await order(site, { version: '3.0.0', releaseCounter: 3, ballast });
      await site.operator.until('bytes have arrived', () => bytesArrived(site, 'A'));
      process.kill(await programPid(site), 'SIGKILL');
      expect(await site.operator.finished(id)).toMatchObject(VERIFIED);
      expect(site.intermediary.pid).toBe(launcher);
    },
    LIMIT,
  );

  it(
    'of the launcher during the trial costs one try',
    async () => {
      const id = await order(site, { version: '4.0.0', releaseCounter: 4 });
      await site.operator.until('the new program is started', () => programStarted(site, '4.0.0'));
      await site.intermediary.kill();
      await site.startIntermediary();
      expect(await site.operator.finished(id)).toMatchObject(VERIFIED);
      await listed(site, '4.0.0');
    },
    LIMIT,
  );
});
