import { cp, readFile, rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Hours } from '@postern/core';
import type { UpdateView } from '@postern/management-server/client';
import { readPasswordList, type UpdateScheme } from '@postern/software-update';
import type { DeviceOfSite, Site } from '@postern/testbed';
import { type AnswerThief, startAnswerThief } from '../support/answer-thief.ts';
import { seenPasswords } from '../support/bulk-logins.ts';
import { tryLogin } from '../support/ftp-caller.ts';
import {
  ended,
  openPrinterSite,
  order,
  PRINTER,
  targetRecord,
  trail,
  VERIFIED,
} from '../support/printer-site.ts';
import { streams } from '../wire/places.ts';
import { leaks } from '../wire/secrets.ts';
import { expectedOutcome } from './expected-outcome.ts';
import { outcomeOf } from './run-cells.ts';
import { OPENING_TIME, releaseNumber } from './scheme-site.ts';

const LIST: UpdateScheme = { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' };

const openSite = (passwords: number, plain: DeviceOfSite['plain'] = true): Promise<Site> =>
  openPrinterSite({ printer: { passwords, plain } });

/** A site in which answers to plain requests can be lost. */
const openSiteWithThief = async (passwords: number): Promise<{ site: Site; thief: AnswerThief }> => {
  const thief = await startAnswerThief();
  const site = await openSite(passwords, { port: 0, advertisedPort: thief.port });
  thief.leadTo(site.device(PRINTER).ports.plain ?? 0);
  return { site, thief };
};

const listOf = async ({ files }: Site) => readPasswordList(await readFile(files.passwordListFile(PRINTER)));

/** The entries with which somebody has logged in, in the order of their first use. */
const entriesSeen = async (site: Site): Promise<readonly number[]> => {
  const { entries } = await listOf(site);
  return seenPasswords(site.taps(PRINTER).proxy.capture()).map((seen) =>
    entries.findIndex(({ password }) => password === seen),
  );
};

const remaining = (passwords: number): string =>
  `${passwords} of 10 passwords of the list are left: bring a new list`;

/** What the journal of an update says of passwords that are left. */
const warnings = async (site: Site, { id }: UpdateView): Promise<readonly string[]> =>
  (await site.operator.client.journal(id)).flatMap(({ detail }) =>
    detail !== null && /passwords/.test(detail) ? [detail] : [],
  );

const restartBothTiers = async (site: Site): Promise<void> => {
  await site.fleet.stop();
  await site.intermediary.stop();
  await site.startIntermediary();
  await site.startFleet();
};

/** @spec P1 U8 U13 */
test(
  'updates in a row use up a list as Fig 13 has it, until it is exhausted',
  async () => {
    const site = await openSite(10);
    for (let number = 0; number < 5; number += 1) {
      const update = await order(site, releaseNumber(number));
      expect(await ended(site, update)).toEqual(VERIFIED);
      const { version } = releaseNumber(number);
      expect(await outcomeOf(site, { deviceId: PRINTER }, update.id)).toEqual(expectedOutcome(LIST, version));
      expect(await entriesSeen(site)).toEqual(Array.from({ length: 2 * (number + 1) }, (_, at) => at));
      for (const password of seenPasswords(site.taps(PRINTER).proxy.capture())) {
        const { port } = site.taps(PRINTER).device.ftp;
        expect(await tryLogin(port, site.name, password)).toBe('530 Login incorrect');
      }
      // The last tenth of ten is one.
      expect(await warnings(site, update)).toEqual(number < 4 ? [] : [remaining(1), remaining(0)]);
      await restartBothTiers(site);
    }
    const before = await targetRecord(site);
    const refused = await order(site, releaseNumber(5));
    expect(await ended(site, refused)).toMatchObject({ state: 'failed', failure: 'password-list-exhausted' });
    await site.shelve(releaseNumber(5));
    await expect(site.operations.order({ deviceId: PRINTER })).rejects.toMatchObject({
      code: 'password-list-exhausted',
      message: expect.stringContaining('Of the 10 passwords'),
    });
    expect(await targetRecord(site)).toEqual(before);
    expect(site.device(PRINTER).versions).toEqual({ firmware: releaseNumber(4).version });

    const { entries } = await listOf(site);
    const secrets = entries.flatMap(({ password, reportKey }, at) => [
      { name: `password ${at}`, bytes: Buffer.from(password, 'base64url') },
      { name: `report key ${at}`, bytes: Buffer.from(reportKey, 'hex') },
    ]);
    const plain = streams('plain request', site.taps(PRINTER).plain.capture());
    expect(plain.length).toBeGreaterThanOrEqual(20);
    expect(leaks(secrets, plain)).toEqual([]);
  },
  OPENING_TIME,
);

/** @spec P1 */
test('an answer that is lost costs no password: both sides say it again', async () => {
  const { site, thief } = await openSiteWithThief(10);
  thief.steal(1);
  const update = await order(site, releaseNumber(0));
  expect(await ended(site, update)).toEqual(VERIFIED);
  expect(thief.stolen).toBe(1);
  expect(await trail(site, update)).toContain('S46 failed: connection-lost');
  expect(await entriesSeen(site)).toEqual([0, 1]);
});

/** @spec P1 X6 */
test('nor does one after which the device loses its power', async () => {
  const { site, thief } = await openSiteWithThief(10);
  thief.steal(Number.POSITIVE_INFINITY);
  const update = await order(site, releaseNumber(0));
  await site.operator.until('an answer is lost', () => thief.stolen > 0);
  const printer = site.device(PRINTER);
  await printer.powerOff();
  thief.steal(0);
  await printer.powerOn();
  expect(await ended(site, update)).toEqual(VERIFIED);
  expect(await entriesSeen(site)).toEqual([0, 1]);
  expect(printer.versions).toEqual({ firmware: releaseNumber(0).version });
});

/** @spec P1 U8 */
test('a last word whose answers are all lost is owed; the next update goes on behind it', async () => {
  const { site, thief } = await openSiteWithThief(10);
  // The restart waits until nobody gets an answer any more.
  const job = site.device(PRINTER).startJob({ kind: 'print', duration: Hours(1) });
  const update = await order(site, releaseNumber(0));
  await site.operator.step(update.id, 'S51');
  thief.steal(Number.POSITIVE_INFINITY);
  job.end();
  expect(await ended(site, update)).toEqual({ ...VERIFIED, credential: 'owed' });
  thief.steal(0);
  expect(await ended(site, await order(site, releaseNumber(1)))).toEqual(VERIFIED);
  expect(await entriesSeen(site)).toEqual([0, 1, 2, 3]);
});

/** @spec P1 X6 */
test('an updater that comes back with an old copy of its database is brought forwards, never the device back', async () => {
  const site = await openSite(20);
  const { intermediaryDataDir } = site.files;
  const copy = `${intermediaryDataDir}-copy`;
  expect(await ended(site, await order(site, releaseNumber(0)))).toEqual(VERIFIED);
  await site.intermediary.stop();
  await cp(intermediaryDataDir, copy, { recursive: true });
  await site.startIntermediary();
  for (const number of [1, 2])
    expect(await ended(site, await order(site, releaseNumber(number)))).toEqual(VERIFIED);
  expect(await entriesSeen(site)).toEqual([0, 1, 2, 3, 4, 5]);

  await site.intermediary.stop();
  await rm(intermediaryDataDir, { recursive: true });
  await cp(copy, intermediaryDataDir, { recursive: true });
  await site.startIntermediary();
  const update = await order(site, releaseNumber(3));
  expect(await ended(site, update)).toEqual(VERIFIED);
  expect((await trail(site, update)).slice(2, 6)).toEqual([
    'S41',
    'S43 failed: bulk-login-refused',
    'S41',
    'S42',
  ]);
  // Entry 2 was tried once more, and the device told the rest.
  expect(await entriesSeen(site)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(site.device(PRINTER).versions).toEqual({ firmware: releaseNumber(3).version });
});
