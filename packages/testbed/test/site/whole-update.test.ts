import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Site, startSite } from '@postern/testbed';

const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };

let directory = '';
let site: Site;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-site-'));
  const devices = ['printer-1', 'printer-2', 'printer-3'].map((id) => ({ id, firmware: FACTORY }));
  site = await startSite({ directory, devices });
  await site.operator.devicesKnown(devices.map(({ id }) => id));
});

afterAll(async () => {
  await site?.close();
  await rm(directory, { recursive: true, force: true });
});

/** @spec T1 T5 R1 R2 U1 U2 U3 U4 U5 U6 U7 U8 U9 A1 B1 */
test('an update takes every step of Fig 17, in order, and is verified', async () => {
  const release = { version: '2.0.0', releaseCounter: 2, content: Buffer.alloc(300_000, 'firmware 2') };
  const software = await site.operator.register(release);
  const { id } = await site.operator.order('printer-1', software);
  const update = await site.operator.finished(id);
  expect(update).toMatchObject({
    state: 'verified',
    assurance: 'full',
    credential: 'erased',
    reported: [{ component: 'firmware', version: '2.0.0' }],
  });
  const journal = await site.operator.client.journal(id);
  const done = journal.filter(({ outcome }) => outcome === 'done').map(({ step }) => step);
  expect(done).toEqual([
    ...[
      'S101',
      'IMAGE',
      'S102',
      'S103',
      'S104',
      'S105',
      'S106',
      'S107',
      'S108',
      'S109',
      'S110',
      'S111',
      'S112',
    ],
    ...['S113', 'S114', 'S115', 'S116', 'S117', 'S118', 'S119', 'S120', 'S121', 'S122', 'S123', 'S124'],
  ]);
  expect(journal.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(site.firewall.counters).toMatchObject({ refused: 0 });
});

/** @spec T1 U3 U9 */
test('the other devices take the same software without another download; a device that has it needs nothing', async () => {
  const [software] = await site.operator.client.listSoftware();
  if (software === undefined) throw new Error('The software is registered');
  const orders = await Promise.all(['printer-2', 'printer-3'].map((id) => site.operator.order(id, software)));
  for (const { id } of orders) {
    expect(await site.operator.finished(id)).toMatchObject({ state: 'verified' });
    const journal = await site.operator.client.journal(id);
    expect(journal.find(({ step }) => step === 'IMAGE')?.detail).toBe('held at the site');
  }
  const again = await site.operator.order('printer-1', software);
  expect(await site.operator.finished(again.id)).toMatchObject({
    state: 'not-required',
    credential: 'erased',
  });
});
