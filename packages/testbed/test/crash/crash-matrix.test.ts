import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seenPasswords } from '../support/bulk-logins.ts';
import { activeImage } from '../support/device-disk.ts';
import { tryLogin } from '../support/ftp-caller.ts';
import { processesOf, temporaryFiles } from '../support/leftovers.ts';
import { crashPoints } from './crash-points.ts';
import { CRASH_TIERS, CrashSite, RELEASE, RELEASE_SHA256 } from './crash-site.ts';

/**
 * Real processes and kill -9: three tiers, six points. A site has one device for each point; all of them stand at
 * theirs when the tier is killed.
 *
 * @spec X6
 */
describe.each(CRASH_TIERS)('kill -9 of the $name', (tier) => {
  let crash: CrashSite;

  beforeAll(async () => {
    crash = await CrashSite.start(tier);
    await crash.reachPoints();
    await crash.killAndRestart();
  }, 60_000);

  afterAll(async () => {
    await crash.close();
    await crash.remove();
  });

  it.each(crashPoints(tier.jobTime))(
    '$name: the update is verified all the same, once',
    async ({ deviceId, passed, ahead }) => {
      const { site, killedAt } = crash;
      const { operator, files } = site;
      const id = crash.updateOf(deviceId);
      const update = await operator.finished(id);
      expect(update).toMatchObject({
        state: 'verified',
        assurance: 'full',
        credential: 'erased',
        failure: null,
      });

      const journal = await operator.client.journal(id);
      const before = journal.filter(({ at, outcome }) => at < killedAt && outcome === 'done');
      expect(before.map(({ step }) => step)).toContain(passed);
      expect(before.map(({ step }) => step)).not.toContain(ahead);
      expect(update.finishedAt?.localeCompare(killedAt)).toBe(1);

      expect(await activeImage(files, deviceId)).toEqual({
        version: RELEASE.version,
        sha256: RELEASE_SHA256,
      });

      const passwords = seenPasswords(site.taps(deviceId).proxy.capture());
      expect(passwords).toHaveLength(1);
      const { port } = site.taps(deviceId).device.ftp;
      expect(await tryLogin(port, site.name, passwords[0] ?? '')).toMatch(/^530 /);

      const again = await operator.finished(await crash.orderAgain(deviceId));
      expect(again).toMatchObject({ state: 'not-required', credential: 'erased' });
      expect(await operator.client.update(id)).toEqual(update);
      const whole = await operator.client.journal(id);
      const sequences = whole.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
      expect(sequences).toEqual(sequences.map((_, at) => at + 1));
      const reported = whole.filter(({ step }) => step === 'S124').map(({ outcome }) => outcome);
      expect(reported).toEqual(['started', 'done']);
    },
    60_000,
  );

  it('leaves no temporary files, and its end no processes', async () => {
    const { directory } = crash.site.files;
    expect(await temporaryFiles(directory)).toEqual([]);
    expect((await processesOf(directory)).length).toBe(3);
    await crash.close();
    expect(await processesOf(directory)).toEqual([]);
    expect(await temporaryFiles(directory)).toEqual([]);
  }, 30_000);
});
