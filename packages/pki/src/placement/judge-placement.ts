import type { Instant } from '@postern/core';

/** A device's name and where it is, as one node tells of it or as another has it in its list. */
export interface PlacedName {
  /** Who tells of it: the intermediary that calls here, or this node itself. */
  readonly teller: string;
  /** The intermediary that the device registers with; the teller, or one below it. */
  readonly place: string;
  /** Of the device's own word for this place, once believed; absent for a device that signs none. */
  readonly sequence: number | undefined;
  /** When the device was last heard of there. */
  readonly lastContact?: Instant | undefined;
}

/** `new`: nobody held the name. `same`: its teller goes on. `moved`: it is the claimant's now. `foreign`: it is not. */
export type PlacementVerdict = 'new' | 'same' | 'moved' | 'foreign';

/**
 * Whose a device's name is. It belongs to whoever told of it first, until the device itself says otherwise: its word with
 * a higher sequence moves it. An equal one moves it where the intermediary that it registers with is told of by another
 * now, unless the device was heard of later on the old way. Without the device's word the old place has to release it.
 *
 * @param held absent where the name is not known; `gone`: its teller has said that it has it no more
 * @spec T2
 */
export const judgePlacement = (
  held: (PlacedName & { readonly gone: boolean }) | undefined,
  claimed: PlacedName,
): PlacementVerdict => {
  if (held === undefined) return 'new';
  if (held.teller === claimed.teller) return 'same';
  const [before = 0, now = 0] = [held.sequence, claimed.sequence];
  if (now > before) return 'moved';
  // An old word must not take back what a later one has moved.
  if (now < before && claimed.sequence !== undefined) return 'foreign';
  if (held.gone) return 'moved';
  const samePlace = now > 0 && now === before && claimed.place === held.place;
  return samePlace && !isOlder(claimed, held) ? 'moved' : 'foreign';
};

const isOlder = (claimed: PlacedName, held: PlacedName): boolean =>
  claimed.lastContact !== undefined &&
  held.lastContact !== undefined &&
  claimed.lastContact < held.lastContact;
