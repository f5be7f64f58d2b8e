import { errorCode, withDeadline } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import type { ListedPasswords, Shared, UpdaterPorts } from '../ports/updater-ports.ts';
import type { EffectContext } from './effect.ts';
import { isPasswordRefused } from './failures.ts';
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

/** A password of a list that the device refuses is noted as used up: the device is ahead. */
export const skipRefused = async <T>(context: EffectContext, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const { state, job, ports } = context;
    if (job.scheme.credential === 'password-list' && isPasswordRefused(errorCode(error, ''))) {
      listsOf(ports).skip(job, credentialOf(state));
    }
    throw error;
  }
};

/**
 * Marks the password that has just read the version report as used, on both sides (S45–S48). What it is told twice,
 * after a lost answer or a crash, the device answers twice.
 *
 * @spec P1
 */
export const spendForTransfer = async (
  context: EffectContext,
): Promise<{ readonly spent?: { readonly manifestChecked: boolean } }> => {
  if (context.job.scheme.credential !== 'password-list') return {};
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
