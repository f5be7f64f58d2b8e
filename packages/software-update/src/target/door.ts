import type { Instant } from '@postern/core';
import { type CredentialEvent, credentialTransition } from '../credential/target-credential.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { countsTries, NO_LISTS, pauseCounting } from './list-memory.ts';
import { openedByList, recognise } from './listed-login.ts';
import { type RecordKeeper, withCredential } from './record-keeper.ts';

/**
 * Whether a password opens the bulk path: that of the live credential, or an unused one of the list, which then takes
 * the live one's place. Call it inside the keeper's `exclusively`.
 *
 * Wrong tries are counted against the live credential, and the tenth ends it; a used entry of the list is no wrong
 * try. For a listed credential that costs one entry, so after each such end wrong tries are not counted for a while
 * (one minute, doubling up to an hour): whoever guesses cannot use up the list. Its right passwords are never refused
 * for it; they have too many bits to be guessed.
 *
 * @spec P1 U14 X3
 */
export const mayEnter = async (
  ports: TargetPorts,
  keeper: RecordKeeper,
  userName: string,
  password: string,
): Promise<boolean> => {
  const now = ports.clock.now();
  const event = { type: 'login', userName, password, now } as const;
  if (credentialTransition(keeper.record.credential, event).accepted) return true;
  await endIfExpired(keeper, now);
  const found = await recognise(ports, keeper.record, userName, password);
  if (found.kind === 'used') return false;
  if (found.kind === 'unknown') {
    await countWrongTry(keeper, event, now);
    return false;
  }
  const opened = openedByList(ports, keeper.record, found, userName, now);
  await keeper.save({ ...opened, ...withCredential(keeper.record, opened.credential) });
  return true;
};

/** A listed password that has expired is used up before it could open anything anew. */
const endIfExpired = async (keeper: RecordKeeper, now: Instant): Promise<void> => {
  const { credential } = keeper.record;
  const { state } = credentialTransition(credential, { type: 'tick', now });
  if (state !== credential) await keeper.save(withCredential(keeper.record, state));
};

const countWrongTry = async (keeper: RecordKeeper, event: CredentialEvent, now: Instant): Promise<void> => {
  const { credential, passwordLists = NO_LISTS } = keeper.record;
  const listed = credential.kind === 'live' && credential.listEntry !== undefined;
  if (listed && !countsTries(passwordLists, now)) return;
  const { state } = credentialTransition(credential, event);
  if (state === credential) return;
  const change = withCredential(keeper.record, state);
  const pause =
    listed && state.kind === 'ended'
      ? { passwordLists: pauseCounting(change.passwordLists ?? NO_LISTS, now) }
      : {};
  await keeper.save({ ...change, ...pause });
};
