import { after, Instant, type Instant as InstantType, Milliseconds } from '@postern/core';
import { stepsOf } from '../journal/figures.ts';
import { done, type JournalEntry, type StepId, started } from '../journal/steps.ts';
import type { Phase, UpdateJob, UpdateOutcome, UpdaterState } from './state.ts';

/** The next state and the journal lines that belong to it; both are written in one transaction. */
export interface Transition {
  readonly state: UpdaterState;
  readonly steps: readonly JournalEntry[];
}

/** The update is decided: erase what may be on the device, then report. */
export const end = (
  state: UpdaterState,
  outcome: UpdateOutcome,
  steps: readonly JournalEntry[],
  job: UpdateJob,
): Transition => {
  const next = { ...state, outcome };
  return state.shared === 'no'
    ? enter(forget(next), 'reporting', [...steps, started('S124')])
    : enter(next, 'erasing', [...steps, started(stepsOf(job.scheme).erasing[0])]);
};

/** The phase begins, with all its tries before it. */
export const enter = (state: UpdaterState, phase: Phase, steps: readonly JournalEntry[]): Transition => {
  const { notBefore: _, ...rest } = state;
  return { state: { ...rest, phase, tries: 0, forgeries: 0 }, steps };
};

/** The phase's effect is tried again, after a pause that doubles with each try. */
export const retry = (
  state: UpdaterState,
  now: InstantType,
  { policy }: UpdateJob,
  steps: readonly JournalEntry[],
): Transition => {
  const pause = Math.min(policy.retryPause * 2 ** Math.min(state.tries, 16), policy.longestPause);
  return {
    state: { ...state, tries: state.tries + 1, notBefore: after(now, Milliseconds(pause)) },
    steps,
  };
};

/** The device gets at least a moment to answer before it is given up. */
export const withReturnBy = (state: UpdaterState, now: InstantType, { policy }: UpdateJob): UpdaterState => ({
  ...state,
  returnBy: Instant(Math.max(state.returnBy ?? 0, now + Math.min(policy.restartTimeout, RECHECK_GRACE))),
});

/** A device that has just notified its start may need a moment before its bulk path answers. */
const RECHECK_GRACE = Milliseconds(30_000);

/** The target's copy is unusable, so ours is of no use either (U13). */
export const forget = ({ credential: _, ...state }: UpdaterState): UpdaterState => ({
  ...state,
  erased: true,
});

/** The journal of an erasure. */
export const erasureDone = ({ scheme }: UpdateJob): readonly JournalEntry[] =>
  allDone(stepsOf(scheme).erasing);

export const allDone = (ids: readonly StepId[]): readonly JournalEntry[] => ids.map((id) => done(id));

export const isListed = ({ scheme }: UpdateJob): boolean => scheme.credential === 'password-list';

/** The event does not belong here. */
export const unchanged = (state: UpdaterState): Transition => ({ state, steps: [] });
