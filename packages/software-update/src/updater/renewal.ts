import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { UpdateJob, UpdaterState } from './state.ts';

/** A device that loses the passwords it makes is given up after the third. */
const MOST_SHARES = 3;

/** How many entries of a list one update gives up at most; a device accepts a password no further ahead. */
const MOST_SKIPPED = 16;

/** How many entries an update may still give up, beyond one that has just been refused. */
export const leftToSkip = ({ renewals }: Pick<UpdaterState, 'renewals'>): number =>
  Math.max(MOST_SKIPPED - renewals - 1, 0);

/** How many entries of the list lie unused between a credential and the one that took its place. */
export const skippedBetween = (before: UpdateCredential | undefined, next: UpdateCredential): number => {
  const [from, to] = [before?.listEntry, next.listEntry];
  return from === undefined || from.list !== to?.list ? 0 : Math.max(to.entry - from.entry - 1, 0);
};

/**
 * What a refused password means where there can be another password; `undefined` where there cannot, and the update fails.
 *
 * A device that makes its passwords has another one than the updater, for something broke off between storing and
 * sharing: it makes a new one. With a list the sides are out of step, for something got lost or was forged, or the device
 * has restarted: another entry is taken. Each that is given up counts, be it tried or jumped over. During a transfer the restart may have been the one into the
 * new software, so the version is read again before anything else is done; that is no transfer of its own.
 *
 * @spec U15 P1
 */
export const afterRefusal = (state: UpdaterState, { scheme }: UpdateJob): UpdaterState | undefined => {
  const renewed = { ...state, renewals: state.renewals + 1 };
  if (scheme.credential === 'password-list') {
    if (state.renewals >= MOST_SKIPPED) return undefined;
    switch (state.phase) {
      case 'checking':
        return { ...renewed, phase: 'sharing' };
      case 'transferring':
        return { ...renewed, phase: 'rechecking', transfers: state.transfers - 1, passwordOver: true };
      case 'rechecking':
        return { ...renewed, passwordOver: true };
      default:
        return undefined;
    }
  }
  const anotherOne = scheme.passwordGenerator === 'target' && state.renewals + 1 < MOST_SHARES;
  if (!anotherOne || state.phase !== 'checking') return undefined;
  // What was refused is not what the device has: it is of no use to end that.
  const { credential: _, ...without } = renewed;
  return { ...without, phase: 'sharing', shared: 'maybe' };
};
