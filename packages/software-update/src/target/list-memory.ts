import { after, Hours, type Instant, Milliseconds, Minutes } from '@postern/core';
import type { TargetCredential } from '../credential/target-credential.ts';

/**
 * What a device remembers of its password lists: of each the next unused entry, and how guesses are held off.
 *
 * @spec P1
 */
export interface ListMemory {
  /** The list that was used last stands last. */
  readonly positions: readonly { readonly list: string; readonly next: number }[];
  /** How many credentials guessers have ended, one soon after the other. */
  readonly guessed: number;
  /** Wrong tries are not counted before this, so that guesses cannot use up the list. */
  readonly uncountedUntil?: Instant;
}

/** Lists are remembered even after their end, so that an old one cannot come back unused; no more than this many. */
const MOST_LISTS = 16;

const SHORTEST_PAUSE = Minutes(1);
const LONGEST_PAUSE = Hours(1);

export const NO_LISTS: ListMemory = { positions: [], guessed: 0 };

/** The first entry that is not used up. */
export const nextEntry = ({ positions }: ListMemory, list: string): number =>
  positions.find((position) => position.list === list)?.next ?? 0;

/** Notes that all entries below `next` are used up. The number never falls. */
export const raise = (memory: ListMemory, list: string, next: number): ListMemory => {
  const others = memory.positions.filter((position) => position.list !== list);
  const position = { list, next: Math.max(next, nextEntry(memory, list)) };
  return { ...memory, positions: [...others.slice(1 - MOST_LISTS), position] };
};

/**
 * What a change of the credential does to the list it came from: an entry that opened the bulk path has used up all
 * before it, and one that has ended, for whatever reason, is itself used up.
 */
export const noteChange = (
  memory: ListMemory | undefined,
  before: TargetCredential,
  then: TargetCredential,
): ListMemory | undefined => {
  let next = memory;
  const gone = before.kind === 'live' && !(then.kind === 'live' && then.jobId === before.jobId);
  if (gone && before.listEntry !== undefined) {
    next = raise(next ?? NO_LISTS, before.listEntry.list, before.listEntry.entry + 1);
  }
  if (then.kind === 'live' && then.listEntry !== undefined) {
    next = raise(next ?? NO_LISTS, then.listEntry.list, then.listEntry.entry);
  }
  return next;
};

/**
 * Begins the pause after a guesser has ended a listed credential: each costs one entry of the list, so the pauses
 * double up to an hour. A quiet hour after the last makes them short again.
 */
export const pauseCounting = (memory: ListMemory, now: Instant): ListMemory => {
  const quiet = memory.uncountedUntil !== undefined && now >= after(memory.uncountedUntil, LONGEST_PAUSE);
  const guessed = quiet ? 1 : memory.guessed + 1;
  const pause = Math.min(SHORTEST_PAUSE * 2 ** Math.min(guessed - 1, 16), LONGEST_PAUSE);
  return { ...memory, guessed, uncountedUntil: after(now, Milliseconds(pause)) };
};

/** Whether wrong tries count now. A clock that was set back makes no pause longer than it can be. */
export const countsTries = ({ uncountedUntil }: ListMemory, now: Instant): boolean =>
  uncountedUntil === undefined || now >= uncountedUntil || now < uncountedUntil - LONGEST_PAUSE;
