import { after, Seconds, sleep, throwIfCancelled } from '@postern/core';
import { makeCredential, makeNonce } from '../credential/one-time-password.ts';
import type { UpdaterPorts } from '../ports/updater-ports.ts';
import type { Effect, EffectContext, Happening } from './effect.ts';
import {
  endPassword,
  giveUpPassword,
  isMadeHere,
  needsAnother,
  sharePassword,
  skipRefused,
  spendForTransfer,
  takeNext,
} from './password-source.ts';
import { restUntil } from './rest-until.ts';
import { sendImages } from './send-images.ts';
import type { Phase } from './state.ts';

/** The effect of each phase. All may be repeated: a restarted updater enters the recorded phase again. */
export const EFFECTS: Readonly<Record<Exclude<Phase, 'finished'>, Effect>> = {
  preparing: async ({ state, job, ports, signal }) => {
    const detail = await ports.images.prepare(job.manifest, signal);
    if (!isMadeHere(job, state)) return { type: 'prepared', detail };
    return { type: 'prepared', credential: makeCredential(ports.entropy, job.updaterId), detail };
  },

  sharing: async (context) => ({ type: 'shared', ...(await sharePassword(context)) }),

  checking: async (context) => {
    const report = await readReport(context);
    return { type: 'reported', report, ...(await spendForTransfer(context, report)) };
  },

  transferring: sendImages,

  /** The connection stays open until the restart drops it (S114); then the start notification is awaited. */
  restarting: async ({ state, job, ports, session, signal }) => {
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    signal.addEventListener('abort', stop, { once: true });
    const limit = restUntil(state.returnBy, ports.clock, job.policy.restartTimeout);
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

  /** What was open before the restart is of no use; nor is a password of a list that was. */
  rechecking: async (context) => {
    await context.session.close();
    if (needsAnother(context)) return { type: 'shared', ...(await takeNext(context)) };
    return { type: 'reported', report: await readReport(context) };
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
    if (ports.clock.now() < expiry) return erase(context);
    giveUpPassword(context);
    return { type: 'credential-expired' };
  },
};

const readReport = async (context: EffectContext) => {
  const { state, job, session, ports, signal } = context;
  const report = await skipRefused(context, () =>
    session.readReport(state, job, makeNonce(ports.entropy), signal),
  );
  await session.close();
  return report;
};

const nextStart = async ({ mailbox }: UpdaterPorts, signal: AbortSignal): Promise<Happening> => {
  const program = await mailbox.nextStart(signal);
  throwIfCancelled(signal);
  return { type: 'start-notified', program: program ?? '' };
};

const erase = async (context: EffectContext): Promise<Happening> => {
  await context.session.close();
  await endPassword(context);
  return { type: 'erased' };
};

/** How long a polite goodbye on the bulk path may take. */
export const CLOSE_LIMIT = Seconds(2);
