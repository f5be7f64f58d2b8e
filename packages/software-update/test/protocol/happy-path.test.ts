import { expect, test } from '@jest/globals';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { ALLOWED_SCHEMES, REPRESENTATIVES } from '../support/schemes.ts';
import { RELEASE } from '../support/software.ts';

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

const FIG_17 = [
  'S107',
  'S108',
  'S109',
  'S110',
  'S111',
  'S112',
  'S113',
  'S114',
  'S115',
  'S116',
  'S117',
  'S118',
  'S119',
];
const [FIG_21, FIG_22, FIG_24] = [
  ['S401', 'S402', 'S403', 'S404', 'S405', 'S406'],
  ['S413', 'S414', 'S415', 'S416', 'S417'],
  ['S421', 'S422', 'S423', 'S424', 'S425'],
];
const FIG_13 = [
  'S41',
  ...['S42', 'S43', 'S44', 'S45', 'S46', 'S47', 'S48', 'S110'],
  ...['S50', 'S51', 'S52', 'S53', 'S115'],
  ...['S54', 'S55', 'S56', 'S57', 'S119'],
  ...['S45', 'S46', 'S47', 'S48'],
];
const OVERWRITTEN = ['S120', 'S121', 'S122', 'S123'];

/** @spec U11 U12 U15 U16 U17 U18 P1 */
test.each<[keyof typeof REPRESENTATIVES, readonly string[]]>([
  [
    'Fig 17, by request on the secure path',
    [...STEPS_BEFORE_DECISION.slice(1, 6), ...FIG_17, 'S121', 'S122'],
  ],
  ['Fig 22, by request in plain HTTP', [...FIG_22, ...FIG_17, 'S121', 'S122']],
  ['Fig 17 and 24', [...STEPS_BEFORE_DECISION.slice(1, 6), ...FIG_17, ...FIG_24]],
  ['Fig 21, in the answer', [...FIG_21, ...FIG_17, ...OVERWRITTEN]],
  ['Fig 21, by request', [...FIG_21, ...FIG_17, 'S121', 'S122']],
  ['Fig 21 and 24', [...FIG_21, ...FIG_17, ...FIG_24]],
  ['Fig 23', [...FIG_17, ...OVERWRITTEN]],
  ['Fig 23 and 24', [...FIG_17, ...FIG_24]],
  ['Fig 13', FIG_13],
])('an update of %s passes its steps in order and ends verified', async (name, steps) => {
  const site = new InMemorySite(REPRESENTATIVES[name]);
  expect(await site.run()).toEqual({ state: 'verified' });
  expect(site.journal).toEqual(['IMAGE', ...steps, 'S124']);
  await expectSound(site);
});

/** @spec U11 U12 U15 U16 U17 U18 P1 A1 A2 A3 */
test('every allowed combination updates a device, and leaves one that has everything alone', async () => {
  expect(ALLOWED_SCHEMES.length).toBeGreaterThan(90);
  for (const scheme of ALLOWED_SCHEMES) {
    for (const plainPath of [false, true]) {
      const site = new InMemorySite({ scheme, plainPath });
      expect(await site.run()).toEqual({ state: 'verified' });
      await expectSound(site);
    }
    const current = new InMemorySite({ scheme, factory: RELEASE });
    expect(await current.run()).toEqual({ state: 'not-required' });
    await expectSound(current);
  }
});

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
