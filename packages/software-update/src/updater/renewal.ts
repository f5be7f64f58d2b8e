import type { UpdateJob, UpdaterState } from './state.ts';

/** A device that loses the passwords it makes is given up after the third. */
const MOST_SHARES = 3;

/** How far the device may be ahead in a list; a device accepts a password no further ahead. */
const MOST_SKIPPED = 16;

/**
 * What a refused password means where there can be another password; `undefined` where there cannot, and the update fails.
 *
 * A device that makes its passwords has another one than the updater, for something broke off between storing and
 * sharing: it makes a new one. With a list the device is ahead, for the answer that would have moved the updater on
 * got lost, or it has restarted: the next entry is taken. During a transfer the restart may have been the one into the
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
