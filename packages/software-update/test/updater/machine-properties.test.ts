import { expect, test } from '@jest/globals';
import { after, Hours, type Instant, Minutes } from '@postern/core';
import {
  advance,
  initialState,
  isCancellable,
  type UpdaterEvent,
  type UpdaterState,
} from '@postern/software-update';
import fc from 'fast-check';
import { START } from '../support/software.ts';
import { CREDENTIAL, EVENTS, type EventName, JOB, NEW_VERSIONS, STATES } from './states-and-events.ts';

/** Mostly the event that leads on, so that walks come far; often enough any other. */
const LEADS_ON: Readonly<Record<UpdaterState['phase'], readonly EventName[]>> = {
  preparing: ['prepared'],
  sharing: ['shared'],
  checking: ['reported: old version'],
  transferring: ['transferred', 'failed: digest'],
  restarting: ['start-notified', 'not-returned'],
  rechecking: ['reported: new version', 'reported: old version', 'reported: still has jobs'],
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
  readonly before: UpdaterState;
  readonly event: UpdaterEvent;
  readonly after: UpdaterState;
}

/** Every transition of a random walk from the beginning, with time going on. */
const walk = (
  steps: readonly { leadsOn: boolean; pick: number; any: EventName; pause: number }[],
): readonly Stride[] => {
  let [state, now]: [UpdaterState, Instant] = [initialState, START];
  return steps.map(({ leadsOn, pick, any, pause }) => {
    now = after(now, pause as never);
    const forward = LEADS_ON[state.phase];
    const event = { ...EVENTS[leadsOn ? (forward[pick % forward.length] ?? any) : any], now };
    const before = state;
    state = advance(before, event, JOB).state;
    return { before, event, after: state };
  });
};

const onWalks = (check: (stride: Stride) => void): void =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => walk(steps).forEach(check)),
    { numRuns: 2_000 },
  );

test('walks reach every phase', () => {
  const reached = new Set(
    fc
      .sample(fc.array(step, { minLength: 40, maxLength: 40 }), { numRuns: 500, seed: 1 })
      .flatMap((steps) => walk(steps).map(({ after: { phase } }) => phase)),
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
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const strides = walk(steps).filter((stride) => stride.before !== stride.after);
      expect(strides.filter((stride) => stride.after.phase === 'reporting').length).toBeLessThanOrEqual(1);
    }),
  );
});

/** @spec U13 */
test('the credential is there from S102 until it is known to be erased, and not a moment longer', () => {
  onWalks(({ after: next }) => {
    if (next.erased) expect(next.credential).toBeUndefined();
    else expect(next.credential).toEqual(next.phase === 'preparing' ? undefined : CREDENTIAL);
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
