import { expect, test } from '@jest/globals';
import { after, Hours, type Instant, Minutes } from '@postern/core';
import {
  advance,
  DEFAULT_SCHEME,
  initialState,
  isCancellable,
  type UpdaterEvent,
  type UpdaterState,
  type UpdateScheme,
} from '@postern/software-update';
import fc from 'fast-check';
import { START } from '../support/software.ts';
import {
  CREDENTIAL,
  EVENTS,
  type EventName,
  JOB,
  jobOf,
  LISTED,
  NEW_VERSIONS,
  STATES,
  statesOf,
  TARGET_MADE,
} from './states-and-events.ts';

/** Mostly the event that leads on, so that walks come far; often enough any other. */
const LEADS_ON: Readonly<Record<UpdaterState['phase'], readonly EventName[]>> = {
  preparing: ['prepared'],
  sharing: ['shared: other password'],
  checking: ['reported: old version', 'reported: old version', 'failed: login refused'],
  transferring: ['transferred', 'transferred', 'failed: digest', 'failed: login refused'],
  restarting: ['start-notified', 'not-returned'],
  rechecking: [
    'shared: other password',
    'reported: new version',
    'reported: old version',
    'reported: still has jobs',
    'failed: login refused',
  ],
  erasing: ['erased', 'failed: connection'],
  reporting: ['acknowledged'],
  owing: ['failed: connection', 'erased', 'credential-expired'],
  finished: ['acknowledged'],
};

const step = fc.record({
  leadsOn: fc.boolean(),
  pick: fc.nat(),
  any: fc.constantFrom(...(Object.keys(EVENTS) as EventName[])),
  pause: fc.nat(Minutes(3)),
});

interface Stride {
  readonly scheme: UpdateScheme;
  readonly before: UpdaterState;
  readonly event: UpdaterEvent;
  readonly after: UpdaterState;
}

type Steps = readonly { leadsOn: boolean; pick: number; any: EventName; pause: number }[];

/** What is particular to a scheme in what its effects tell. */
const toldIn = (scheme: UpdateScheme, phase: UpdaterState['phase'], name: EventName): UpdaterEvent => {
  const event = EVENTS[name];
  const listed = scheme.credential === 'password-list';
  if (event.type === 'reported' && phase === 'checking' && listed)
    return { ...event, spent: { manifestChecked: true } };
  if (event.type === 'shared')
    return scheme === DEFAULT_SCHEME ? EVENTS.shared : EVENTS['shared: other password'];
  if (event.type === 'prepared' && scheme !== DEFAULT_SCHEME) {
    const { credential: _, ...without } = event;
    return without;
  }
  return event;
};

/** Every transition of a random walk from the beginning, with time going on. */
const walk = (scheme: UpdateScheme, steps: Steps): readonly Stride[] => {
  let [state, now]: [UpdaterState, Instant] = [initialState, START];
  return steps.map(({ leadsOn, pick, any, pause }) => {
    now = after(now, pause as never);
    const forward = LEADS_ON[state.phase];
    const name = leadsOn ? (forward[pick % forward.length] ?? any) : any;
    const event = { ...toldIn(scheme, state.phase, name), now };
    const before = state;
    state = advance(before, event, jobOf(scheme)).state;
    return { scheme, before, event, after: state };
  });
};

const schemes = fc.constantFrom<UpdateScheme>(DEFAULT_SCHEME, TARGET_MADE, LISTED);

const onWalks = (check: (stride: Stride) => void): void =>
  fc.assert(
    fc.property(schemes, fc.array(step, { maxLength: 40 }), (scheme, steps) =>
      walk(scheme, steps).forEach(check),
    ),
    { numRuns: 3_000 },
  );

test.each([
  ['default', DEFAULT_SCHEME],
  ['target-made', TARGET_MADE],
  ['listed', LISTED],
])('walks reach every phase: %s', (_, scheme) => {
  const reached = new Set(
    fc
      .sample(fc.array(step, { minLength: 40, maxLength: 40 }), { numRuns: 500, seed: 1 })
      .flatMap((steps) => walk(scheme, steps).map(({ after: { phase } }) => phase)),
  );
  expect([...reached].sort()).toEqual(Object.keys(STATES).sort());
});

/** @spec U9 */
test('an update is finished only decided, and from its decision on the outcome stays', () => {
  onWalks(({ before, after: next }) => {
    const decided = ['erasing', 'reporting', 'owing', 'finished'].includes(next.phase);
    expect(next.outcome !== undefined).toBe(decided);
    if (before.outcome !== undefined) expect(next.outcome).toBe(before.outcome);
  });
});

/** @spec U9 */
test('the result is put into the outbox once', () => {
  fc.assert(
    fc.property(schemes, fc.array(step, { maxLength: 60 }), (scheme, steps) => {
      const strides = walk(scheme, steps).filter((stride) => stride.before !== stride.after);
      expect(strides.filter((stride) => stride.after.phase === 'reporting').length).toBeLessThanOrEqual(1);
    }),
  );
});

/** @spec U13 */
test('the credential is there from S102 until it is known to be erased, and not a moment longer', () => {
  onWalks(({ scheme, after: next }) => {
    if (next.erased) expect(next.credential).toBeUndefined();
    else if (scheme === DEFAULT_SCHEME)
      expect(next.credential).toEqual(next.phase === 'preparing' ? undefined : CREDENTIAL);
    else if (next.shared !== 'maybe') expect(next.credential !== undefined).toBe(next.shared === 'yes');
    if (next.phase === 'finished') expect(next.erased).toBe(true);
  });
});

/** @spec U8 X6 */
test('nothing that may be on a device is taken for erased without its word or the end of its lifetime', () => {
  onWalks(({ before, event, after: next }) => {
    if (next.erased && !before.erased && before.shared !== 'no') {
      expect(['erased', 'credential-expired']).toContain(event.type);
    }
  });
});

/** @spec U7 */
test('verified comes only from a second report that equals the manifest', () => {
  onWalks(({ before, event, after: next }) => {
    if (next.outcome?.state !== 'verified' || before.outcome !== undefined) return;
    expect(before.phase).toBe('rechecking');
    expect(event).toMatchObject({ type: 'reported', report: { versions: NEW_VERSIONS } });
  });
});

/** @spec U10 */
test('the image is sent no more often than the policy allows', () => {
  onWalks(({ after: next }) => expect(next.transfers).toBeLessThanOrEqual(JOB.policy.transferTries));
});

/** @spec U15 P1 */
test.each([
  ['default', DEFAULT_SCHEME, 0],
  ['target-made: three shares', TARGET_MADE, 2],
  ['listed: as far as a device may be ahead', LISTED, 16],
] as const)('after a refused login another password is tried so often and no more: %s', (_, scheme, most) => {
  const job = jobOf(scheme);
  let state: UpdaterState = { ...STATES.checking };
  for (let renewals = 0; renewals < most; renewals++) {
    state = advance(state, EVENTS['failed: login refused'], job).state;
    expect(state).toMatchObject({ phase: 'sharing', renewals: renewals + 1 });
    state = advance(state, EVENTS['shared: other password'], job).state;
    expect(state.phase).toBe('checking');
  }
  const { outcome } = advance(state, EVENTS['failed: login refused'], job).state;
  expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'credential-refused' } });
  onWalks((stride) => {
    if (stride.scheme === scheme) expect(stride.after.renewals).toBeLessThanOrEqual(most);
  });
});

/** @spec P1 */
test('entries that are jumped over count as if they had been tried', () => {
  const job = jobOf(LISTED);
  const at = (entry: number) => ({ ...CREDENTIAL, listEntry: { list: 'list-1', entry } });
  const refused = advance({ ...STATES.checking, credential: at(4) }, EVENTS['failed: login refused'], job);
  const jumped = { ...EVENTS['shared: other password'], credential: at(11) };
  expect(advance(refused.state, jumped, job).state).toMatchObject({ phase: 'checking', renewals: 7 });
  const other = { ...jumped, credential: { ...CREDENTIAL, listEntry: { list: 'list-2', entry: 99 } } };
  expect(advance(refused.state, other, job).state).toMatchObject({ renewals: 1 });
});

/** @spec P1 */
test('a restarted device is asked with another password of the list, an hour of waiting for its jobs with the same', () => {
  const restarting = statesOf(LISTED).restarting;
  const after = (event: UpdaterEvent) => advance(restarting, event, jobOf(LISTED)).state.passwordOver;
  expect(after(EVENTS['start-notified'])).toBe(true);
  expect(after(EVENTS['not-returned'])).toBeUndefined();
  onWalks(({ scheme, before, event, after: next }) => {
    if (scheme !== LISTED || before.phase !== 'rechecking' || event.type !== 'shared') return;
    expect(next.passwordOver ?? false).toBe(false);
  });
});

test('an update is cancelled only where it can be', () => {
  onWalks(({ before, after: next }) => {
    if (next.outcome?.state === 'cancelled' && before.outcome === undefined) {
      expect(isCancellable(before.phase)).toBe(true);
    }
  });
});

test('a pause grows with the tries and stays below the longest', () => {
  onWalks(({ before, event, after: next }) => {
    if (next.phase !== before.phase || next.tries <= before.tries) return;
    const pause = (next.notBefore ?? 0) - event.now;
    expect(pause).toBe(Math.min(JOB.policy.retryPause * 2 ** before.tries, JOB.policy.longestPause));
  });
});

test('the device is given up when it has not come back in time, and not before', () => {
  const lost = { ...EVENTS['failed: connection'], now: after(START, Hours(1)) };
  expect(advance(STATES.rechecking, lost, JOB).state.outcome).toMatchObject({
    failure: { code: 'device-not-returned' },
  });
  expect(advance(STATES.rechecking, EVENTS['failed: connection'], JOB).state.outcome).toBeUndefined();
});

/** @spec U8 U10 */
test('the erasure is tried as often as the policy says, then the result goes up and the erasure stays owed', () => {
  let state = STATES.erasing;
  for (let tries = 0; tries < JOB.policy.eraseTries; tries++) {
    expect(state.phase).toBe('erasing');
    state = advance(state, EVENTS['failed: connection'], JOB).state;
  }
  expect(state).toMatchObject({ phase: 'reporting', erased: false, credential: CREDENTIAL });
  expect(advance(state, EVENTS.acknowledged, JOB).state.phase).toBe('owing');
});
