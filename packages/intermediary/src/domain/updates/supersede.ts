import type { UpdaterState } from '@postern/software-update';

/** Whether an update is decided: it talks to the server, and to the device only about an erasure that is owed. */
export const isClosing = ({ phase }: UpdaterState): boolean => phase === 'reporting' || phase === 'owing';

/**
 * What becomes of a decided update when a newer one of the same device begins. The new password overwrites the old
 * one, and only one of both may talk to the device: the old one forgets its own and erases nothing any more.
 *
 * @returns the same state when the update owes nothing
 * @spec U13
 */
export const supersede = (state: UpdaterState): UpdaterState => {
  const owes = !state.erased && (state.credential !== undefined || state.shared !== 'no');
  if (!isClosing(state) || !owes) return state;
  const { credential: _, notBefore: __, ...rest } = state;
  return { ...rest, erased: true, phase: state.phase === 'owing' ? 'finished' : state.phase };
};
