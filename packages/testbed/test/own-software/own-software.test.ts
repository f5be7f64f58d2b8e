import { describe, expect, it } from '@jest/globals';
import { PRINTER, RELEASE } from '../support/printer-site.ts';
import { programRelease } from './own-programs.ts';
import {
  bytesArrived,
  INSTALLED,
  logLines,
  OWN,
  openOwnSite,
  ownVersion,
  processGone,
  programPid,
  programStarted,
} from './own-site.ts';

const NEXT = { version: '2.0.0', releaseCounter: 2 };
const AFTER_NEXT = { version: '3.0.0', releaseCounter: 3 };
const VERIFIED = { state: 'verified', assurance: 'full', credential: 'erased', failure: null };
const BOOT_FAILED = { state: 'failed', credential: 'erased', failure: { code: 'boot-failed' } };

/** @spec U21 */
describe('the own software of an intermediary', () => {
  it('is updated by an order of the server, twice, and the site goes on', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    expect(await ownVersion(site)).toBe(INSTALLED);
    for (const release of [NEXT, AFTER_NEXT]) {
      const software = await operator.register(programRelease(release));
      const { id } = await operator.order(OWN, software);
      expect(await operator.finished(id)).toMatchObject(VERIFIED);
      const steps = (await operator.client.journal(id)).map(({ step }) => step);
      expect(steps).toEqual(expect.arrayContaining(['S113', 'S115', 'S119', 'S123', 'S124']));
      await operator.until(
        `${release.version} is listed`,
        async () => (await ownVersion(site)) === release.version,
      );
    }
    const printer = await operator.order(PRINTER, await operator.register(RELEASE));
    expect(await operator.finished(printer.id)).toMatchObject(VERIFIED);
  }, 60_000);

  /** @spec X4 */
  it.each(['crashes', 'hangs', 'migrates'] as const)(
    'falls back by itself when the new program %s at its start, and the site goes on',
    async (behaviour) => {
      const site = await openOwnSite({ startLimit: behaviour === 'hangs' ? 1 : 30 });
      const { operator } = site;
      const bad = await operator.register(programRelease({ ...NEXT, behaviour }));
      const failed = await operator.finished((await operator.order(OWN, bad)).id);
      expect(failed).toMatchObject(BOOT_FAILED);
      expect(await ownVersion(site)).toBe(INSTALLED);
      const log = await logLines(site);
      expect(log.filter(({ msg, trial }) => msg === 'A program is started' && trial)).toHaveLength(2);
      expect(log.some(({ msg }) => msg.includes('is put back'))).toBe(behaviour === 'migrates');
      const printer = await operator.order(PRINTER, await operator.register(RELEASE));
      expect(await operator.finished(printer.id)).toMatchObject(VERIFIED);
    },
    60_000,
  );

  /** @spec X4 */
  it('falls back to the update before, not further, when the image holds no program of that version', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    const good = await operator.register(programRelease(NEXT));
    expect(await operator.finished((await operator.order(OWN, good)).id)).toMatchObject(VERIFIED);
    const liar = await operator.register(programRelease({ ...AFTER_NEXT, claims: '2.5.0' }));
    expect(await operator.finished((await operator.order(OWN, liar)).id)).toMatchObject(BOOT_FAILED);
    await operator.until('the version before is listed', async () => (await ownVersion(site)) === '2.0.0');
  }, 60_000);

  it('is not updated with software for another model', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    const foreign = await operator.register(programRelease({ ...NEXT, model: 'Postern Gateway' }));
    await expect(operator.order(OWN, foreign)).rejects.toMatchObject({ code: 'wrong-model' });
  }, 60_000);
});

/** @spec U21 X6 */
describe('kill -9 during an update of the own software', () => {
  const BIG = { ...NEXT, ballast: 64 * 1_024 ** 2 };

  it('of the launcher takes the program with it, and both go on', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    const { id } = await operator.order(OWN, await operator.register(programRelease(BIG)));
    await operator.until('bytes have arrived', () => bytesArrived(site));
    const program = await programPid(site);
    expect(program).not.toBe(site.intermediary.pid);
    await site.intermediary.kill();
    await processGone(program);
    await site.startIntermediary();
    expect(await operator.finished(id)).toMatchObject(VERIFIED);
  }, 60_000);

  it('of the launcher during the trial costs one try', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    const { id } = await operator.order(OWN, await operator.register(programRelease(NEXT)));
    await operator.until('the new program is started', () => programStarted(site, NEXT.version));
    await site.intermediary.kill();
    await site.startIntermediary();
    expect(await operator.finished(id)).toMatchObject(VERIFIED);
    await operator.until('the new version is listed', async () => (await ownVersion(site)) === NEXT.version);
  }, 60_000);

  it('of the program has the launcher start it again', async () => {
    const site = await openOwnSite();
    const { operator } = site;
    const launcher = site.intermediary.pid;
    const { id } = await operator.order(OWN, await operator.register(programRelease(BIG)));
    await operator.until('bytes have arrived', () => bytesArrived(site));
    process.kill(await programPid(site), 'SIGKILL');
    expect(await operator.finished(id)).toMatchObject(VERIFIED);
    expect(site.intermediary.pid).toBe(launcher);
  }, 60_000);
});
