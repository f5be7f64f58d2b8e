import { describe, expect, test } from '@jest/globals';
import { after, type Instant, Minutes } from '@postern/core';
import {
  bindPassword,
  type CredentialEndReason,
  type CredentialEvent,
  credentialTransition,
  type LiveCredential,
  MOST_WRONG_TRIES,
  type TargetCredential,
} from '@postern/software-update';
import fc from 'fast-check';
import { START } from '../support/software.ts';

const DEVICE = { deviceId: 'mfp-1' };
const EXPIRY = after(START, Minutes(10));

const stored = (
  jobId: string,
  password: string,
  userName = 'site-1',
): Omit<LiveCredential, 'kind' | 'wrongTries'> => ({
  ...DEVICE,
  userName,
  jobId,
  digest: bindPassword({ ...DEVICE, userName, jobId }, password),
  expiresAt: EXPIRY,
});
const live = (wrongTries = 0): LiveCredential => ({ kind: 'live', ...stored('job-1', 'right'), wrongTries });
const listed: LiveCredential = { ...live(), listEntry: { list: 'a', entry: 1 } };
const ended = (reason: CredentialEndReason): Extract<TargetCredential, { kind: 'ended' }> => ({
  kind: 'ended',
  jobId: 'job-1',
  reason,
});
const none: TargetCredential = { kind: 'none' };

const store = (jobId = 'job-2'): CredentialEvent => ({ type: 'store', credential: stored(jobId, 'new') });
const erase = (jobId = 'job-1', userName = 'site-1'): CredentialEvent => ({ type: 'erase', userName, jobId });
const invalidate = (jobId = 'job-1'): CredentialEvent => ({ type: 'invalidate', userName: 'site-1', jobId });
const login = (password: string, now: Instant = START, userName = 'site-1'): CredentialEvent => ({
  type: 'login',
  userName,
  password,
  now,
});
const tick = (now: Instant): CredentialEvent => ({ type: 'tick', now });
const renewed: TargetCredential = { kind: 'live', ...stored('job-2', 'new'), wrongTries: 0 };

/** @spec U1 U8 U14 X3 */
describe('the life of a credential', () => {
  const SAME = 'unchanged';
  const dead = ['erased', 'invalidated', 'expired', 'too-many-tries'] as const;
  type Row = readonly [string, TargetCredential, CredentialEvent, TargetCredential | typeof SAME, boolean];

  const withoutLive = (name: string, state: TargetCredential): readonly Row[] => [
    [`${name}: store`, state, store(), renewed, true],
    [`${name}: erase`, state, erase(), SAME, false],
    [`${name}: invalidate`, state, invalidate(), SAME, false],
    [`${name}: right login`, state, login('right'), SAME, false],
    [`${name}: wrong login`, state, login('wrong'), SAME, false],
    [`${name}: past expiry`, state, tick(EXPIRY), SAME, false],
  ];

  test.each<Row>([
    ...withoutLive('none', none),
    ...dead.flatMap((reason) => withoutLive(reason, ended(reason))),
    ['live: store', live(3), store(), renewed, true],
    ['live: erase', live(), erase(), ended('erased'), true],
    ['live: erase for another job', live(), erase('job-0'), SAME, false],
    ['live: erase by another updater', live(), erase('job-1', 'site-2'), SAME, false],
    ['live: invalidate', live(), invalidate(), ended('invalidated'), true],
    ['live: invalidate for another job', live(), invalidate('job-0'), SAME, false],
    ['live: right login', live(), login('right'), SAME, true],
    ['live: right login after nine wrong ones', live(9), login('right'), SAME, true],
    ['live: wrong login', live(), login('wrong'), live(1), false],
    ['live: right password under another name', live(), login('right', START, 'site-2'), live(1), false],
    [
      'live: the tenth wrong login',
      live(MOST_WRONG_TRIES - 1),
      login('wrong'),
      ended('too-many-tries'),
      false,
    ],
    [
      'live: right login in the last millisecond',
      live(),
      login('right', after(EXPIRY, -1 as never)),
      SAME,
      true,
    ],
    ['live: right login at expiry', live(), login('right', EXPIRY), ended('expired'), false],
    ['live: used up, but of no list', live(), { type: 'use-up' }, SAME, false],
    ['live: installed, but of no list', live(), { type: 'install', startMac: 'ab' }, SAME, false],
    ['live and listed: used up', listed, { type: 'use-up' }, ended('used'), true],
    ['live and listed: installed', listed, { type: 'install' }, ended('installed'), true],
    [
      'live and listed: installed, with a start to notify',
      listed,
      { type: 'install', startMac: 'ab' },
      { ...ended('installed'), startMac: 'ab' },
      true,
    ],
    ['ended: used up', ended('erased'), { type: 'use-up' }, SAME, false],
    ['live: time passes', live(), tick(START), SAME, true],
    ['live: past expiry', live(), tick(EXPIRY), ended('expired'), true],
  ])('%s', (_, state, event, next, accepted) => {
    const result = credentialTransition(state, event);
    expect(result).toEqual({ state: next === SAME ? state : next, accepted });
  });
});

/** @spec U8 U14 X3 */
test('no sequence of events lets anybody in after the end of a credential, until a new one is stored', () => {
  const event = fc.oneof(
    fc.constantFrom(store('job-1'), store('job-2'), erase(), erase('job-2'), invalidate()),
    fc
      .tuple(
        fc.constantFrom('right', 'new', 'wrong', ''),
        fc.nat(Minutes(12)),
        fc.constantFrom('site-1', 'site-2'),
      )
      .map(([password, at, userName]) => login(password, after(START, at as never), userName)),
    fc.nat(Minutes(12)).map((at) => tick(after(START, at as never))),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state: TargetCredential = live();
      for (const happened of events) {
        const before = state;
        const { state: next, accepted } = credentialTransition(before, happened);
        if (happened.type === 'login' && accepted) {
          expect(before).toMatchObject({ kind: 'live', userName: happened.userName });
          expect(happened.now).toBeLessThan(EXPIRY);
        }
        if (before.kind !== 'live' && next.kind === 'live') expect(happened.type).toBe('store');
        if (next.kind === 'live') expect(next.wrongTries).toBeLessThan(MOST_WRONG_TRIES);
        if (next.kind === 'ended') expect(JSON.stringify(next)).not.toContain('digest');
        state = next;
      }
    }),
  );
});
