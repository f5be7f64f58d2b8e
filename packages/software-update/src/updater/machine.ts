import { after, Instant, type Instant as InstantType, Milliseconds } from '@postern/core';
import type { UpdateErrorCode, UpdateFailure } from '../errors.ts';
import { done, failed, type JournalEntry, type StepId, started } from '../journal/steps.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { VersionReport } from '../version-report/version-report.ts';
import type { EffectFailed, UpdaterEvent } from './events.ts';
import { asFailure, isTransient, isWorthAnotherTransfer } from './failures.ts';
import { isCancellable, type Phase, type UpdateJob, type UpdateOutcome, type UpdaterState } from './state.ts';

/** The next state and the journal lines that belong to it; both are written in one transaction. */
export interface Transition {
  readonly state: UpdaterState;
  readonly steps: readonly JournalEntry[];
}

/**
 * The updater as a pure function: what an event does to an update. An event that does not belong to the
 * phase changes nothing (a late start notification, a second acknowledgement).
 *
 * @spec U1 U2 U3 U4 U6 U7 U8 U9 U10 U13
 */
export const advance = (state: UpdaterState, event: UpdaterEvent, job: UpdateJob): Transition => {
  switch (event.type) {
    case 'failed':
      return onFailure(state, event, event.now, job);
    case 'deadline-passed':
      return onDeadline(state);
    case 'cancelled':
      return isCancellable(state.phase)
        ? end(
            state,
            { state: 'cancelled', failure: { code: 'cancelled', message: 'Cancelled by an operator' } },
            [],
          )
        : unchanged(state);
    default:
      return onProgress(state, event, job);
  }
};

const onProgress = (state: UpdaterState, event: UpdaterEvent, job: UpdateJob): Transition => {
  switch (`${state.phase}/${event.type}`) {
    case 'preparing/prepared': {
      if (event.type !== 'prepared') break;
      const steps = [done('IMAGE', event.detail), done('S102'), started('S103')];
      // Written before anything is sent: whoever restarts or calls off here must not believe the device untouched.
      return enter({ ...state, credential: event.credential, shared: 'maybe' }, 'sharing', steps);
    }
    case 'sharing/shared': {
      if (event.type !== 'shared') break;
      const steps = [done('S103'), done('S104'), done('S105'), done('S106'), started('S107')];
      return enter({ ...state, shared: 'yes', target: event.target }, 'checking', steps);
    }
    case 'checking/reported':
      return event.type === 'reported' ? decide(state, event.report, job) : unchanged(state);
    case 'transferring/transferred': {
      if (event.type !== 'transferred') break;
      const next = { ...state, returnBy: after(event.now, job.policy.restartTimeout) };
      return enter(next, 'restarting', [done('S111'), done('S112', event.detail), started('S113')]);
    }
    case 'transferring/already-installed':
    case 'restarting/not-returned':
      return enter(withReturnBy(state, event.now, job), 'rechecking', [started('S116')]);
    case 'restarting/connection-dropped': {
      const next = { ...state, returnBy: after(event.now, job.policy.restartTimeout) };
      return { state: next, steps: [done('S113'), done('S114')] };
    }
    case 'restarting/start-notified': {
      if (event.type !== 'start-notified') break;
      return enter(withReturnBy(state, event.now, job), 'rechecking', [
        done('S115', event.program),
        started('S116'),
      ]);
    }
    case 'rechecking/reported':
      return event.type === 'reported' ? compare(state, event.report, event.now, job) : unchanged(state);
    case 'erasing/erased':
      return enter(forget(state), 'reporting', [...erasureDone(), started('S124')]);
    case 'reporting/acknowledged':
      return enter(state, state.erased || state.credential === undefined ? 'finished' : 'owing', [
        done('S124'),
      ]);
    case 'owing/erased':
      return enter(forget(state), 'finished', erasureDone());
    case 'owing/credential-expired':
      return enter(forget(state), 'finished', []);
  }
  return unchanged(state);
};

/** S110: what of the manifest does the device lack? */
const decide = (state: UpdaterState, report: VersionReport, job: UpdateJob): Transition => {
  const wanted = missing(report, job);
  const next = { ...state, versions: report.versions, wanted };
  const read = [done('S107'), done('S108', describe(report)), done('S109')];
  if (wanted.length === 0) {
    return end(next, { state: 'not-required' }, [
      ...read,
      done('S110', 'not required: the device has it already'),
    ]);
  }
  const names = wanted.map(({ name, version }) => `${name} ${version}`).join(', ');
  return beginTransfer(next, [...read, done('S110', `required: ${names}`)]);
};

/** S119: does the restarted device run what was sent? */
const compare = (
  state: UpdaterState,
  report: VersionReport,
  now: InstantType,
  job: UpdateJob,
): Transition => {
  const wanted = missing(report, job);
  const next = { ...state, versions: report.versions, wanted };
  const read = [done('S116'), done('S117', describe(report)), done('S118')];
  if (wanted.length === 0)
    return end(next, { state: 'verified' }, [...read, done('S119', 'equal: verified')]);
  if (report.activity === 'waiting-for-jobs' || report.activity === 'installing') {
    const later = { ...next, returnBy: after(now, job.policy.restartTimeout) };
    return enter(later, 'restarting', [...read, started('S113', `the device is ${report.activity}`)]);
  }
  const code: UpdateErrorCode = report.error ?? 'version-unchanged';
  const failure: UpdateFailure = { code, message: `The device runs ${describe(report)}` };
  const lines = [...read, failed('S119', code, describe(report))];
  // The updater program asks for the images once more, whatever error led to it (D5).
  return report.activity === 'receiving' && state.transfers < job.policy.transferTries
    ? beginTransfer(next, lines)
    : transferFailed(next, failure, job, lines);
};

const missing = (report: VersionReport, job: UpdateJob): readonly ManifestComponent[] =>
  job.manifest.components.filter(({ name, version }) => report.versions[name] !== version);

const describe = (report: VersionReport): string =>
  Object.entries(report.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

const beginTransfer = (state: UpdaterState, steps: readonly JournalEntry[]): Transition =>
  enter({ ...state, transfers: state.transfers + 1 }, 'transferring', [...steps, started('S111')]);

/** U10: the image is sent again with the password that is still shared, or the update has failed. */
const transferFailed = (
  state: UpdaterState,
  failure: UpdateFailure,
  job: UpdateJob,
  steps: readonly JournalEntry[],
): Transition =>
  isWorthAnotherTransfer(failure.code) && state.transfers < job.policy.transferTries
    ? beginTransfer(state, steps)
    : end(state, { state: 'failed', failure }, steps);

const onFailure = (
  state: UpdaterState,
  event: EffectFailed,
  now: InstantType,
  job: UpdateJob,
): Transition => {
  const step = failingStep(state.phase);
  if (step === undefined) return unchanged(state);
  const steps = [failed(step, event.code, event.message.slice(0, 200))];
  if (state.phase === 'owing') return retry(state, now, job, []);
  if (state.phase === 'erasing') {
    // The result is not held back for a device that cannot be reached: the erasure stays owed.
    return state.tries + 1 < job.policy.eraseTries
      ? retry(state, now, job, steps)
      : enter(state, 'reporting', [...steps, started('S124', 'the erasure is still owed')]);
  }
  if (state.phase === 'rechecking' && state.returnBy !== undefined && now >= state.returnBy) {
    const failure: UpdateFailure = isTransient(event.code)
      ? { code: 'device-not-returned', message: 'The device did not come back after the transfer' }
      : asFailure(event);
    return end(state, { state: 'failed', failure }, steps);
  }
  if (isTransient(event.code)) return retry(state, now, job, steps);
  if (event.code === 'version-report-forged' && state.forgeries + 1 < FORGERIES_BORNE) {
    return retry({ ...state, forgeries: state.forgeries + 1 }, now, job, steps);
  }
  if (state.phase === 'transferring') return transferFailed(state, asFailure(event), job, steps);
  return end(state, { state: 'failed', failure: asFailure(event) }, steps);
};

/** A forger on the path may be gone a moment later; one who stays ends the update. */
const FORGERIES_BORNE = 3;

const onDeadline = (state: UpdaterState): Transition => {
  if (state.outcome !== undefined) return unchanged(state);
  const failure: UpdateFailure = {
    code: 'deadline-exceeded',
    message: `The deadline passed in the phase ${state.phase} after ${state.tries} tries`,
  };
  const step = failingStep(state.phase);
  return end(state, { state: 'failed', failure }, step === undefined ? [] : [failed(step, failure.code)]);
};

/** The update is decided: erase what may be on the device, then report. */
const end = (state: UpdaterState, outcome: UpdateOutcome, steps: readonly JournalEntry[]): Transition => {
  const next = { ...state, outcome };
  return state.shared === 'no'
    ? enter(forget(next), 'reporting', [...steps, started('S124')])
    : enter(next, 'erasing', [...steps, started('S120')]);
};

const enter = (state: UpdaterState, phase: Phase, steps: readonly JournalEntry[]): Transition => {
  const { notBefore: _, ...rest } = state;
  return { state: { ...rest, phase, tries: 0, forgeries: 0 }, steps };
};

const retry = (
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

const withReturnBy = (state: UpdaterState, now: InstantType, { policy }: UpdateJob): UpdaterState => ({
  ...state,
  returnBy: Instant(Math.max(state.returnBy ?? 0, now + Math.min(policy.restartTimeout, RECHECK_GRACE))),
});

/** A device that has just notified its start may need a moment before its bulk path answers. */
const RECHECK_GRACE = Milliseconds(30_000);

const forget = ({ credential: _, ...state }: UpdaterState): UpdaterState => ({ ...state, erased: true });

const erasureDone = (): readonly JournalEntry[] => [done('S120'), done('S121'), done('S122'), done('S123')];

const unchanged = (state: UpdaterState): Transition => ({ state, steps: [] });

/** The step a failure of the phase's effect is written to. */
const failingStep = (phase: Phase): StepId | undefined => {
  const steps: Partial<Record<Phase, StepId>> = {
    preparing: 'IMAGE',
    sharing: 'S104',
    checking: 'S108',
    transferring: 'S112',
    restarting: 'S115',
    rechecking: 'S117',
    erasing: 'S121',
    owing: 'S121',
  };
  return steps[phase];
};
