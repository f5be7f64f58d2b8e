import { after, type Instant as InstantType } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { UpdateErrorCode, UpdateFailure } from '../errors.ts';
import { stepsOf } from '../journal/figures.ts';
import { done, failed, type JournalEntry, type StepId, started } from '../journal/steps.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { VersionReport } from '../version-report/version-report.ts';
import type { EffectFailed, UpdaterEvent } from './events.ts';
import {
  asFailure,
  isForgery,
  isPasswordRefused,
  isReadingFailure,
  isTransient,
  isWorthAnotherTransfer,
} from './failures.ts';
import { afterRefusal, skippedBetween } from './renewal.ts';
import { isCancellable, type Phase, type UpdateJob, type UpdaterState } from './state.ts';
import {
  allDone,
  end,
  enter,
  erasureDone,
  forget,
  isListed,
  retry,
  type Transition,
  unchanged,
  withReturnBy,
} from './transition.ts';

/**
 * The updater as a pure function: what an event does to an update. An event that does not belong to the
 * phase changes nothing (a late start notification, a second acknowledgement). The machine is one for all schemes; what
 * sharing, reading and erasing are is a matter of the effects, and their numbers one of {@link stepsOf}.
 *
 * @spec U1 U2 U3 U4 U6 U7 U8 U9 U10 U13 U15 U17 P1
 */
export const advance = (state: UpdaterState, event: UpdaterEvent, job: UpdateJob): Transition => {
  switch (event.type) {
    case 'failed':
      return onFailure(state, event, event.now, job);
    case 'deadline-passed':
      return onDeadline(state, job);
    case 'cancelled':
      return isCancellable(state.phase)
        ? end(
            state,
            { state: 'cancelled', failure: { code: 'cancelled', message: 'Cancelled by an operator' } },
            [],
            job,
          )
        : unchanged(state);
    default:
      return onProgress(state, event, job);
  }
};

const onProgress = (state: UpdaterState, event: UpdaterEvent, job: UpdateJob): Transition => {
  const steps = stepsOf(job.scheme);
  switch (`${state.phase}/${event.type}`) {
    case 'preparing/prepared': {
      if (event.type !== 'prepared') break;
      const image = done('IMAGE', event.detail);
      // Fig 23: the password came with the order.
      if (state.shared === 'yes') return enter(state, 'checking', [image, started(steps.reading[0])]);
      const next = event.credential === undefined ? state : { ...state, credential: event.credential };
      const lines = [image, ...allDone(steps.making), started(steps.sharing[0])];
      // Written before anything is sent: whoever restarts or calls off here must not believe the device untouched.
      return enter(isListed(job) ? next : { ...next, shared: 'maybe' }, 'sharing', lines);
    }
    case 'sharing/shared': {
      if (event.type !== 'shared') break;
      const lines = [...allDone(steps.sharing), started(steps.reading[0])];
      return enter({ ...taken(state, event), shared: 'yes' }, 'checking', lines);
    }
    case 'checking/reported':
      return event.type === 'reported' ? decide(noteSpent(state, event.spent), event, job) : unchanged(state);
    case 'transferring/transferred': {
      if (event.type !== 'transferred') break;
      const next = { ...state, returnBy: after(event.now, job.policy.restartTimeout) };
      const [login, image] = steps.sending;
      return enter(next, 'restarting', [
        done(login),
        done(image, event.detail),
        started(steps.restarting[0]),
      ]);
    }
    case 'transferring/already-installed':
    case 'restarting/not-returned':
      return lookAgain(state, event.now, job, []);
    case 'restarting/connection-dropped': {
      const next = { ...state, returnBy: after(event.now, job.policy.restartTimeout) };
      return { state: next, steps: allDone(steps.restarting) };
    }
    case 'restarting/start-notified': {
      if (event.type !== 'start-notified') break;
      const next = isListed(job) ? { ...state, passwordOver: true } : state;
      return lookAgain(next, event.now, job, [done('S115', event.program)]);
    }
    case 'rechecking/shared': {
      if (event.type !== 'shared' || state.passwordOver !== true) break;
      return { state: taken(state, event), steps: [...allDone(steps.taking), started(steps.rereading[0])] };
    }
    case 'rechecking/reported':
      return event.type === 'reported' ? compare(state, event.report, event.now, job) : unchanged(state);
    case 'erasing/erased':
      return enter(forget(state), 'reporting', [...erasureDone(job), started('S124')]);
    case 'reporting/acknowledged':
      return enter(state, state.erased ? 'finished' : 'owing', [done('S124')]);
    case 'owing/erased':
      return enter(forget(state), 'finished', erasureDone(job));
    case 'owing/credential-expired':
      return enter(forget(state), 'finished', []);
  }
  return unchanged(state);
};

/** S110: what of the manifest does the device lack? */
const decide = (
  state: UpdaterState,
  { report, spent, now }: Extract<UpdaterEvent, { type: 'reported' }>,
  job: UpdateJob,
): Transition => {
  const { reading, marking, sending } = stepsOf(job.scheme);
  const marked = spent === undefined ? [] : allDone(marking);
  const [login, read, logout] = reading;
  const wanted = missing(report, job);
  const next = { ...state, versions: report.versions, wanted };
  const lines = [done(login), done(read, describe(report)), done(logout), ...marked];
  if (wanted.length === 0) {
    const current = done('S110', 'not required: the device has it already');
    // What this update has sent has been installed meanwhile: that is for the second reading to say.
    return state.transfers > 0
      ? lookAgain(next, now, job, [...lines, current])
      : end(next, { state: 'not-required' }, [...lines, current], job);
  }
  const names = wanted.map(({ name, version }) => `${name} ${version}`).join(', ');
  return enter({ ...next, transfers: Math.max(next.transfers, 1) }, 'transferring', [
    ...lines,
    done('S110', `required: ${names}`),
    started(sending[0]),
  ]);
};

/** The version is to be read again; a password of a list is of no use any more to a device that has restarted. */
const lookAgain = (
  state: UpdaterState,
  now: InstantType,
  job: UpdateJob,
  lines: readonly JournalEntry[],
): Transition => {
  const { taking, rereading } = stepsOf(job.scheme);
  const [first] = state.passwordOver === true ? [...taking, ...rereading] : rereading;
  return enter(withReturnBy(state, now, job), 'rechecking', [...lines, started(first ?? rereading[0])]);
};

/** S119: does the restarted device run what was sent? */
const compare = (
  state: UpdaterState,
  report: VersionReport,
  now: InstantType,
  job: UpdateJob,
): Transition => {
  const { rereading, restarting } = stepsOf(job.scheme);
  const [login, reread, logout] = rereading;
  const wanted = missing(report, job);
  const next = { ...state, versions: report.versions, wanted };
  const read = [done(login), done(reread, describe(report)), done(logout)];
  if (wanted.length === 0) {
    return end(next, { state: 'verified' }, [...read, done('S119', 'equal: verified')], job);
  }
  if (report.activity === 'waiting-for-jobs' || report.activity === 'installing') {
    const later = { ...next, returnBy: after(now, job.policy.restartTimeout) };
    return enter(later, 'restarting', [...read, started(restarting[0], `the device is ${report.activity}`)]);
  }
  const code: UpdateErrorCode = report.error ?? 'version-unchanged';
  const failure: UpdateFailure = { code, message: `The device runs ${describe(report)}` };
  const lines = [...read, failed('S119', code, describe(report))];
  // The updater program asks for the images once more, whatever error led to it (D5).
  return report.activity === 'receiving' && state.transfers < job.policy.transferTries
    ? transferAgain(next, job, lines)
    : transferFailed(next, failure, job, lines);
};

const missing = (report: VersionReport, job: UpdateJob): readonly ManifestComponent[] =>
  job.manifest.components.filter(({ name, version }) => report.versions[name] !== version);

const describe = (report: VersionReport): string =>
  Object.entries(report.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/** A whole transfer more. After a restart the password of a list that opened the last one is of no use: the next is taken. */
const transferAgain = (state: UpdaterState, job: UpdateJob, lines: readonly JournalEntry[]): Transition => {
  const { sharing, sending } = stepsOf(job.scheme);
  const next = { ...state, transfers: state.transfers + 1 };
  return isListed(job) && state.phase === 'rechecking'
    ? enter(next, 'sharing', [...lines, started(sharing[0])])
    : enter(next, 'transferring', [...lines, started(sending[0])]);
};

/** U10: the image is sent again with the password that is still shared, or the update has failed. */
const transferFailed = (
  state: UpdaterState,
  failure: UpdateFailure,
  job: UpdateJob,
  steps: readonly JournalEntry[],
): Transition =>
  isWorthAnotherTransfer(failure.code) && state.transfers < job.policy.transferTries
    ? transferAgain(state, job, steps)
    : end(state, { state: 'failed', failure }, steps, job);

const onFailure = (
  state: UpdaterState,
  event: EffectFailed,
  now: InstantType,
  job: UpdateJob,
): Transition => {
  const step = failingStep(state.phase, event, job);
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
    return end(state, { state: 'failed', failure }, steps, job);
  }
  if (isTransient(event.code)) return retry(state, now, job, steps);
  if (isPasswordRefused(event.code)) {
    const renewed = afterRefusal(state, job);
    if (renewed?.phase === 'rechecking') return lookAgain(renewed, now, job, steps);
    if (renewed !== undefined) {
      return enter(renewed, renewed.phase, [...steps, started(stepsOf(job.scheme).sharing[0])]);
    }
  }
  if (isForgery(event.code) && state.forgeries + 1 < FORGERIES_BORNE) {
    return retry({ ...state, forgeries: state.forgeries + 1 }, now, job, steps);
  }
  if (state.phase === 'transferring') return transferFailed(state, asFailure(event), job, steps);
  return end(state, { state: 'failed', failure: asFailure(event) }, steps, job);
};

/** A forger on the path may be gone a moment later; one who stays ends the update. */
const FORGERIES_BORNE = 3;

const onDeadline = (state: UpdaterState, job: UpdateJob): Transition => {
  if (state.outcome !== undefined) return unchanged(state);
  const failure: UpdateFailure = {
    code: 'deadline-exceeded',
    message: `The deadline passed in the phase ${state.phase} after ${state.tries} tries`,
  };
  const step = stepsOf(job.scheme).failing[state.phase];
  const steps = step === undefined ? [] : [failed(step, failure.code)];
  return end(state, { state: 'failed', failure }, steps, job);
};

/** What sharing has brought. A password that is taken from a list says nothing of manifests: one before it may have. */
const taken = (
  state: UpdaterState,
  { target, credential }: Extract<UpdaterEvent, { type: 'shared' }>,
): UpdaterState => {
  const { manifestChecked } = credential?.listEntry === undefined ? target : (state.target ?? target);
  return { ...takeCredential(state, credential), target: { ...target, manifestChecked } };
};

/** A credential that was made by the target, or taken from a list, in place of the one before it. */
const takeCredential = (
  { passwordOver: _, ...state }: UpdaterState,
  credential: UpdateCredential | undefined,
): UpdaterState =>
  credential === undefined
    ? state
    : { ...state, credential, renewals: state.renewals + skippedBetween(state.credential, credential) };

const noteSpent = (
  state: UpdaterState,
  spent: { readonly manifestChecked: boolean } | undefined,
): UpdaterState =>
  spent === undefined || state.target === undefined
    ? state
    : { ...state, target: { ...state.target, manifestChecked: spent.manifestChecked } };

/** The step a failure of the phase's effect is written to. */
const failingStep = (phase: Phase, { code }: EffectFailed, { scheme }: UpdateJob): StepId | undefined => {
  const { failing } = stepsOf(scheme);
  if (phase === 'checking' && failing.marking !== undefined && !isReadingFailure(code))
    return failing.marking;
  return failing[phase];
};
