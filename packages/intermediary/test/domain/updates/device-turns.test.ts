import { expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import {
  DEFAULT_SCHEME,
  initialState,
  type UpdateCredential,
  type UpdateJob,
  type UpdaterState,
  type UpdateScheme,
} from '@postern/software-update';
import { mayRun, mustWait } from '../../../src/domain/updates/device-turns.ts';
import type { OpenUpdate } from '../../../src/domain/updates/open-update.ts';
import { hasReplaced } from '../../../src/domain/updates/supersede.ts';
import { job } from '../../support/process.ts';
import { START } from '../../support/software.ts';

const owing: UpdaterState = { ...initialState, phase: 'owing', shared: 'yes' };

/** `run`: one of an earlier turn that has not ended yet. */
const standing = (schedule: OpenUpdate['schedule'], change: Partial<UpdaterState> = {}) => ({
  schedule,
  state: { ...owing, ...change },
  run: undefined as OpenUpdate['run'],
});
const at = (milliseconds: number) => ({ notBefore: Instant(milliseconds) });

/** @spec U9 U10 */
test.each([
  ['the active one alone', [standing('closing'), standing('active', { phase: 'sharing' })], [false, true]],
  ['not one that waits', [standing('waiting', { phase: 'preparing' })], [false]],
  [
    'one that owes nothing beside the active one',
    [standing('closing', { phase: 'reporting', erased: true }), standing('active', { phase: 'sharing' })],
    [true, true],
  ],
  [
    'none that owes beside the active one, even if it has only to report',
    [standing('closing', { phase: 'reporting' }), standing('active', { phase: 'preparing' })],
    [false, true],
  ],
  [
    'all that report, and the oldest that owes',
    [
      standing('closing', { phase: 'reporting' }),
      standing('closing', { phase: 'reporting' }),
      standing('closing'),
      standing('closing'),
    ],
    [true, true, true, false],
  ],
  [
    'the one that owes and is due first',
    [standing('closing', at(30)), standing('closing', at(10)), standing('closing', at(20))],
    [false, true, false],
  ],
])('of one device runs: %s', (_, ofDevice, expected) => {
  expect(ofDevice.map((update) => mayRun(update, ofDevice))).toEqual(expected);
});

test('what begins to run waits for the one that has to stop, and for no other', () => {
  const run = { stop: () => {}, ended: Promise.resolve() };
  const active = standing('active', { phase: 'preparing' });
  expect(mustWait([{ ...standing('closing'), run }, active])).toBe(true);
  expect(mustWait([{ ...standing('closing', { erased: true }), run }, active])).toBe(false);
});

const listEntry = (list: string, entry: number): Partial<UpdaterState> => ({
  credential: { userName: 'site-a', listEntry: { list, entry } } as UpdateCredential,
});
const LISTED = { ...DEFAULT_SCHEME, credential: 'password-list' } as unknown as UpdateScheme;
const DEVICE_MADE = { ...DEFAULT_SCHEME, passwordGenerator: 'target' } as UpdateScheme;
const recorded = (scheme: UpdateScheme, state: Partial<UpdaterState>) => ({
  job: { ...job('job-1', 'mfp-1', new VirtualClock(START)), scheme } satisfies UpdateJob,
  state: { ...initialState, ...state },
});

/** @spec U13 U15 U17 P1 */
test.each([
  ['prepared', DEFAULT_SCHEME, { shared: 'no' }, false],
  ['may be shared', DEFAULT_SCHEME, { shared: 'maybe' }, false],
  ['shared', DEFAULT_SCHEME, { shared: 'yes' }, true],
  ['brought by the device, which may not have stored it', DEVICE_MADE, { shared: 'yes' }, false],
  ['brought by the device, which has let it in', DEVICE_MADE, { shared: 'yes', transfers: 1 }, true],
  ['taken from the list', LISTED, { shared: 'yes', ...listEntry('l', 4) }, false],
  ['from the list and let in', LISTED, { shared: 'yes', transfers: 1, ...listEntry('l', 4) }, true],
  [
    'from the list, and nothing was required',
    LISTED,
    { shared: 'yes', outcome: { state: 'not-required' }, ...listEntry('l', 4) },
    true,
  ],
  [
    'from the list, and refused',
    LISTED,
    {
      shared: 'yes',
      outcome: { state: 'failed', failure: { code: 'credential-refused', message: '' } },
      ...listEntry('l', 4),
    },
    false,
  ],
] as const)('a password that is %s replaces a one-time password: %s', (_, scheme, state, expected) => {
  expect(hasReplaced(recorded(scheme, state), recorded(DEFAULT_SCHEME, owing))).toBe(expected);
});

/** @spec U13 P1 */
test.each([
  ['a shared one', DEFAULT_SCHEME, { shared: 'yes' }, false],
  ['a later one of its list', LISTED, { transfers: 1, ...listEntry('l', 4) }, true],
  ['one of another list', LISTED, { transfers: 1, ...listEntry('m', 4) }, false],
] as const)('a listed password is replaced by %s: %s', (_, scheme, state, expected) => {
  const older = recorded(LISTED, { ...owing, ...listEntry('l', 3) });
  expect(hasReplaced(recorded(scheme, state), older)).toBe(expected);
});
