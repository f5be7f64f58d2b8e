import { expect, test } from '@jest/globals';
import { InMemorySite } from '../support/in-memory-site.ts';

const STEPS_BEFORE_DECISION = [
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
];
const STEPS_OF_ERASURE = ['S120', 'S121', 'S122', 'S123', 'S124'];

/** @spec U1 U2 U3 U4 U5 U6 U7 U8 U9 U13 */
test('an update passes every step of Fig 17 in order and ends verified', async () => {
  const site = new InMemorySite();
  expect(await site.run()).toEqual({ state: 'verified' });
  expect(site.journal).toEqual([
    ...STEPS_BEFORE_DECISION,
    'S111',
    'S112',
    'S113',
    'S114',
    'S115',
    'S116',
    'S117',
    'S118',
    'S119',
    ...STEPS_OF_ERASURE,
  ]);
  expect(site.versions).toEqual({ firmware: '2.0', network: '3.1' });
  expect(site.updater.results).toEqual([{ state: 'verified' }]);
});
