import type { Instant } from '@postern/core';
import type { LastSeen } from './last-seen.ts';
import type { SiteBelow, Stores } from './ports.ts';

/** An intermediary, and the way to it. */
export interface KnownIntermediary extends Omit<SiteBelow, 'via'> {
  /** Who polls for it; absent for one that polls itself. */
  readonly via: string | undefined;
}

interface Sources {
  readonly stores: Pick<Stores, 'sitesBelow'>;
  readonly lastSeen: Pick<LastSeen, 'all' | 'get'>;
}

/**
 * An intermediary, on the way on which it was heard of last: one that polled itself may have been put below another
 * one, and the other way round.
 */
export const findIntermediary = (
  { stores, lastSeen }: Sources,
  name: string,
): KnownIntermediary | undefined => {
  const seen = lastSeen.get(name);
  const below = stores.sitesBelow.find(name);
  if (below !== undefined && (seen === undefined || isLater(below.lastContact, seen))) return below;
  return seen === undefined ? undefined : direct(name, seen);
};

/** Every intermediary, by name. */
export const knownIntermediaries = (sources: Sources): readonly KnownIntermediary[] => {
  const { stores, lastSeen } = sources;
  const names = new Set([
    ...lastSeen.all.map(({ intermediary }) => intermediary),
    ...stores.sitesBelow.all().map(({ name }) => name),
  ]);
  return [...names].sort().flatMap((name) => findIntermediary(sources, name) ?? []);
};

const isLater = (contact: Instant | undefined, seen: Instant): boolean =>
  contact !== undefined && contact > seen;

const direct = (name: string, lastContact: Instant): KnownIntermediary => ({
  name,
  via: undefined,
  route: [],
  lastContact,
});
