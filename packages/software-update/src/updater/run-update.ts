import { errorCode, errorMessage, Milliseconds, sleep, throwIfCancelled } from '@postern/core';
import type { JournalEntry } from '../journal/steps.ts';
import type { UpdaterPorts } from '../ports/updater-ports.ts';
import { CancellationGate } from './cancellation.ts';
import type { EffectContext, Happening } from './effect.ts';
import { CLOSE_LIMIT, EFFECTS } from './effects.ts';
import { isUnexpected } from './failures.ts';
import { advance } from './machine.ts';
import { restUntil } from './rest-until.ts';
import { isCancellable, type UpdateJob, type UpdaterState } from './state.ts';
import { createTargetSession } from './target-session.ts';

/**
 * Drives one update from the given state to its end: performs the phase's effect, feeds what happened to the
 * pure machine, commits the outcome, and so on. Called with a state read from the journal it goes on where
 * a crashed process stopped.
 *
 * @returns the finished state; rejects with `cancelled` when `signal` (the process's own end) aborts
 * @spec X6
 */
export const runUpdate = async (
  initial: UpdaterState,
  job: UpdateJob,
  ports: UpdaterPorts,
  signal: AbortSignal,
): Promise<UpdaterState> => {
  const session = createTargetSession(ports.bulkPath, CLOSE_LIMIT);
  // The transfer that an earlier process began may have been a complete one: that is seen first.
  const cancellation = new CancellationGate(initial.phase === 'transferring');
  let state = initial;
  try {
    while (state.phase !== 'finished') {
      const reentered = state === initial;
      const happening = await perform({ state, job, ports, session, signal, reentered, cancellation });
      const transition = advance(state, { ...happening, now: ports.clock.now() }, job);
      if (transition.state !== state) ports.journal.commit(transition.state, transition.steps);
      if (!isSameTransfer(state, transition.state)) cancellation.release();
      state = transition.state;
      logSteps(ports, job, transition.steps);
    }
    return state;
  } finally {
    await session.close();
  }
};

/** Whether what is not known of a transfer is still not known. */
const isSameTransfer = (before: UpdaterState, next: UpdaterState): boolean =>
  next.phase === 'transferring' && before.phase === next.phase && before.transfers === next.transfers;

/** One effect, its pause before it, and whatever ends it early. `context.signal` is the process's own end. */
const perform = async (context: EffectContext & { readonly cancellation: CancellationGate }) => {
  const { session, signal } = context;
  const limits = new AbortController();
  const bounded = AbortSignal.any([signal, limits.signal]);
  try {
    return await Promise.race([
      interruptions(context, limits.signal),
      attempt({ ...context, signal: bounded }).catch(async (error: unknown): Promise<Happening> => {
        if (signal.aborted) throw error;
        await session.close();
        return asFailed(error, context);
      }),
    ]);
  } finally {
    limits.abort();
  }
};

const attempt = async (context: EffectContext): Promise<Happening> => {
  const { state, signal } = context;
  if (state.phase === 'finished') throw new TypeError('A finished update has no effect');
  if (state.notBefore !== undefined) await pause(context);
  // An effect may wait for the abort itself: one that came before it began would never be heard.
  throwIfCancelled(signal);
  return EFFECTS[state.phase](context);
};

const asFailed = (error: unknown, { job, ports }: EffectContext): Happening => {
  const code = errorCode(error, 'internal-error');
  if (isUnexpected(code)) ports.logger.error('An effect failed unexpectedly', { error, job: job.jobId });
  return { type: 'failed', code, message: errorMessage(error) };
};

/**
 * Waits until the effect may be tried again; a device that notifies its start while it owes an answer ends the wait. A
 * clock that was set back since makes it no longer than any pause.
 */
const pause = async ({ state, job, ports, signal }: EffectContext): Promise<void> => {
  const rest = restUntil(state.notBefore, ports.clock, job.policy.longestPause);
  const waiting = new AbortController();
  const bounded = AbortSignal.any([signal, waiting.signal]);
  try {
    await Promise.race([sleep(ports.clock, rest, bounded), ports.mailbox.nextStart(bounded)]);
  } finally {
    waiting.abort();
  }
};

/** What ends a phase from outside: the job's deadline while the update is undecided, or the operator. */
const interruptions = (
  { state, job, ports, cancellation }: EffectContext & { readonly cancellation: CancellationGate },
  signal: AbortSignal,
): Promise<Happening> =>
  new Promise((resolve) => {
    if (state.outcome !== undefined) return;
    const rest = Milliseconds(Math.max(job.deadline - ports.clock.now(), 0));
    sleep(ports.clock, rest, signal).then(
      () => resolve({ type: 'deadline-passed' }),
      () => {},
    );
    if (!isCancellable(state.phase)) return;
    cancellation.listen(ports.mailbox.cancelled, () => resolve({ type: 'cancelled' }), signal);
  });

const logSteps = (
  { logger }: UpdaterPorts,
  { jobId, deviceId }: UpdateJob,
  steps: readonly JournalEntry[],
): void => {
  for (const { step, outcome, code, detail } of steps) {
    const level = outcome === 'failed' ? 'warn' : 'debug';
    logger[level](`${step} ${outcome}`, { job: jobId, device: deviceId, code, detail });
  }
};
