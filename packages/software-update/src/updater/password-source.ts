import { errorCode, throwIfCancelled, withDeadline } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import type { ListedPasswords, Shared, UpdaterPorts } from '../ports/updater-ports.ts';
import { awaitsImages, type VersionReport } from '../version-report/version-report.ts';
import type { EffectContext } from './effect.ts';
import { isPasswordRefused } from './failures.ts';
import { leftToSkip } from './renewal.ts';
import type { UpdateJob, UpdaterState } from './state.ts';

/** Whether the updater itself makes the password of this job (S102, S413). */
export const isMadeHere = ({ scheme }: UpdateJob, { shared }: UpdaterState): boolean =>
  scheme.credential === 'one-time-password' && scheme.passwordGenerator === 'updater' && shared !== 'yes';

/**
 * Both sides have the same password afterwards, in the way of the scheme.
 *
 * @spec U1 U15 P1
 */
export const sharePassword = async (context: EffectContext): Promise<Shared> => {
  const { state, job, ports } = context;
  if (job.scheme.credential === 'password-list') return takeNext(context);
  const { passwordGenerator } = job.scheme;
  const ours = passwordGenerator === 'updater' ? credentialOf(state) : undefined;
  const shared = await exchange(context, (limited) => ports.securePath.share(job, ours, limited));
  if (passwordGenerator === 'updater') return { target: shared.target };
  if (shared.credential === undefined) throw updateError('internal-error', 'The device has made no password');
  return shared;
};

/** The next password of the list (S41, S54). Nothing is noted yet: taken twice, it is the same one. */
export const takeNext = async ({ job, ports }: EffectContext): Promise<Shared> => listsOf(ports).next(job);

/** Whether the next reading takes another password of the list first (S54). */
export const needsAnother = ({ state, job }: EffectContext): boolean =>
  job.scheme.credential === 'password-list' && state.passwordOver === true;

/** A password of a list that the device refuses is used up, whichever side is behind. */
export const skipRefused = async <T>(context: EffectContext, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const { state, job, ports } = context;
    if (job.scheme.credential === 'password-list' && isPasswordRefused(errorCode(error, ''))) {
      listsOf(ports).skip(job, credentialOf(state), await deviceAhead(context));
    }
    throw error;
  }
};

/**
 * Brings both sides back into step: the device is told that the refused entry is over. One that is behind, however far,
 * moves up to it; one that is ahead says how far. Anybody may say so, for the answer comes in plain HTTP: it is believed
 * only as far as this update might have gone by itself. Where an image is under way already nothing is said, for it
 * would be called off; a device that then refuses is ahead by its restart.
 *
 * @returns how many entries behind the refused one are used up at the device, too; 0 when it cannot be told
 * @spec P1
 */
const deviceAhead = async (context: EffectContext): Promise<number> => {
  const { state, signal } = context;
  if (state.phase !== 'checking') return 0;
  try {
    const { next } = await spend(context, 'over');
    const first = (credentialOf(state).listEntry?.entry ?? 0) + 1;
    return Math.min(Math.max(next - first, 0), leftToSkip(state));
  } catch {
    throwIfCancelled(signal);
    return 0;
  }
};

/**
 * Marks the password that has just read the version report as used, on both sides (S45–S48). What it is told twice,
 * after a lost answer or a crash, the device answers twice.
 *
 * The compact updater program serves nobody who could be told. It takes the images of the job that it knows from
 * whoever enters with a newer password: that is noted here alone, and ends at the device with the start of what it
 * lets in.
 *
 * @spec P1 D5
 */
export const spendForTransfer = async (
  context: EffectContext,
  report: VersionReport,
): Promise<{ readonly spent?: { readonly manifestChecked: boolean } }> => {
  const { state, job, ports } = context;
  if (job.scheme.credential !== 'password-list') return {};
  if (awaitsImages(report)) {
    listsOf(ports).skip(job, credentialOf(state));
    return {};
  }
  return { spent: await skipRefused(context, () => spend(context, 'transfer')) };
};

/**
 * Ends the password at the target, in the way of the scheme; of a list the last one in use, and all before it.
 *
 * @spec U8 U12 U18 P1
 */
export const endPassword = async (context: EffectContext): Promise<void> => {
  const { state, job, ports } = context;
  if (job.scheme.credential === 'password-list') {
    await spend(context, 'over');
    return;
  }
  await exchange(context, (limited) => ports.securePath.erase(job, state.credential, limited));
};

/** The debt has ended with the password's lifetime. One of a list has none: it is never used again here. */
export const giveUpPassword = ({ state, job, ports }: EffectContext): void => {
  if (job.scheme.credential === 'password-list') listsOf(ports).skip(job, credentialOf(state));
};

const spend = (context: EffectContext, use: 'transfer' | 'over') => {
  const { state, job, ports } = context;
  const credential = credentialOf(state);
  return exchange(context, (limited) => listsOf(ports).spend(job, credential, use, limited));
};

const exchange = <T>(
  { ports, job, signal }: EffectContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withDeadline(ports.clock, job.policy.exchangeTimeout, 'The exchange on the secure path', signal, work);

const listsOf = ({ listedPasswords }: UpdaterPorts): ListedPasswords => {
  if (listedPasswords === undefined)
    throw updateError('password-list-missing', 'This updater has no password lists');
  return listedPasswords;
};

const credentialOf = ({ credential }: UpdaterState): UpdateCredential => {
  if (credential === undefined) throw updateError('internal-error', 'The update has no credential');
  return credential;
};
