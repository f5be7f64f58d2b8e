import type { UpdateJob, UpdaterState } from '@postern/software-update';

/** Whether an update is decided: it talks to the server, and to the device only about an erasure that is owed. */
export const isClosing = ({ phase }: UpdaterState): boolean => phase === 'reporting' || phase === 'owing';

/** Whether an update is decided, and its password may still be usable at the device. */
export const isIndebted = (state: UpdaterState): boolean =>
  isClosing(state) && !state.erased && (state.credential !== undefined || state.shared !== 'no');

/** What is recorded of an update; nothing else decides about its password. */
type Recorded = { readonly job: UpdateJob; readonly state: UpdaterState };

/**
 * Whether the password of a newer update is known to have taken the place of an indebted older one's at their device.
 * When in doubt it has not: to end a password that is gone already costs one exchange, and changes nothing.
 *
 * @spec U13 U10
 */
export const hasReplaced = (newer: Recorded, older: Recorded): boolean =>
  isAtDevice(newer) && (older.job.scheme.credential === 'one-time-password' || isOfSameList(newer, older));

/**
 * A device answers a share when it has stored the password. One that it makes itself may be stored later than it came
 * here, even before the older update has shared; and of a listed one the device learns by the login.
 */
const isAtDevice = ({ job: { scheme }, state }: Recorded): boolean =>
  scheme.credential === 'one-time-password' && scheme.passwordGenerator === 'updater'
    ? state.shared === 'yes'
    : hasEntered(state);

/** Whether the device has let the update in: nothing is sent, and nothing ends well, without a version report. */
const hasEntered = ({ transfers, outcome }: UpdaterState): boolean =>
  transfers > 0 || (outcome !== undefined && !('failure' in outcome));

/** A listed password may be unused at the device still; only a login with it, or with a later one of its list, ends it. */
const isOfSameList = ({ state: newer }: Recorded, { state: older }: Recorded): boolean => {
  const list = older.credential?.listEntry?.list;
  return list !== undefined && newer.credential?.listEntry?.list === list;
};

/**
 * What becomes of a decided update whose password is replaced at the device: it forgets its own copy and erases nothing
 * any more.
 *
 * @returns the same state when the update owes nothing
 * @spec U13
 */
export const supersede = (state: UpdaterState): UpdaterState => {
  if (!isIndebted(state)) return state;
  const { credential: _, notBefore: __, ...rest } = state;
  return { ...rest, erased: true, phase: state.phase === 'owing' ? 'finished' : state.phase };
};
