import { after, Milliseconds, Seconds, sleep, throwIfCancelled, withDeadline } from '@postern/core';
import { makeCredential, makeNonce, type UpdateCredential } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import type { UpdaterPorts } from '../ports/updater-ports.ts';
import type { Effect, EffectContext, Happening } from './effect.ts';
import { sendImages } from './send-images.ts';
import type { Phase, UpdateJob, UpdaterState } from './state.ts';

/** The effect of each phase. All may be repeated: a restarted updater enters the recorded phase again. */
export const EFFECTS: Readonly<Record<Exclude<Phase, 'finished'>, Effect>> = {
  preparing: async ({ job, ports, signal }) => {
    const detail = await ports.images.prepare(job.manifest, signal);
    return { type: 'prepared', credential: makeCredential(ports.entropy, job.updaterId), detail };
  },

  sharing: async ({ state, job, ports, signal }) => {
    const credential = credentialOf(state);
    const shared = await exchange(ports, job, signal, (limited) =>
      ports.securePath.share(job, credential, limited),
    );
    return { type: 'shared', ...shared };
  },

  checking: async ({ state, job, session, ports, signal }) => {
    const report = await session.readReport(state, job, makeNonce(ports.entropy), signal);
    await session.close();
    return { type: 'reported', report };
  },

  transferring: sendImages,

  /** The connection stays open until the restart drops it (S114); then the start notification is awaited. */
  restarting: async ({ state, ports, session, signal }) => {
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    signal.addEventListener('abort', stop, { once: true });
    const limit = Milliseconds(Math.max((state.returnBy ?? 0) - ports.clock.now(), 0));
    try {
      return await Promise.race<Happening>([
        nextStart(ports, waiting.signal),
        ...session
          .dropped()
          .map((dropped) => dropped.then((): Happening => ({ type: 'connection-dropped' }))),
        sleep(ports.clock, limit, waiting.signal).then((): Happening => ({ type: 'not-returned' })),
      ]);
    } finally {
      signal.removeEventListener('abort', stop);
      waiting.abort();
    }
  },

  rechecking: async ({ state, job, session, ports, signal }) => {
    await session.close();
    const report = await session.readReport(state, job, makeNonce(ports.entropy), signal);
    await session.close();
    return { type: 'reported', report };
  },

  erasing: async (context) => erase(context),

  reporting: async ({ ports, signal }) => {
    await ports.mailbox.acknowledged(signal);
    return { type: 'acknowledged' };
  },

  /** Tries again whenever the device shows up, until the password has expired by itself. */
  owing: async (context) => {
    const { job, ports } = context;
    const expiry = after(job.deadline, job.policy.credentialMargin);
    return ports.clock.now() >= expiry ? { type: 'credential-expired' } : erase(context);
  },
};

const nextStart = async ({ mailbox }: UpdaterPorts, signal: AbortSignal): Promise<Happening> => {
  const program = await mailbox.nextStart(signal);
  throwIfCancelled(signal);
  return { type: 'start-notified', program: program ?? '' };
};

const erase = async ({ state, job, ports, session, signal }: EffectContext): Promise<Happening> => {
  await session.close();
  await exchange(ports, job, signal, (limited) => ports.securePath.erase(job, state.credential, limited));
  return { type: 'erased' };
};

const exchange = <T>(
  { clock }: UpdaterPorts,
  { policy }: UpdateJob,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => withDeadline(clock, policy.exchangeTimeout, 'The exchange on the secure path', signal, work);

const credentialOf = (state: UpdaterState): UpdateCredential => {
  if (state.credential === undefined) throw updateError('internal-error', 'The update has no credential');
  return state.credential;
};

/** How long a polite goodbye on the bulk path may take. */
export const CLOSE_LIMIT = Seconds(2);
