import type { types } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { Stores } from '../ports.ts';
import type { CounterRecord } from '../records.ts';

/** Counters that were read at a device: all of them, or some. */
export interface CounterReading {
  readonly deviceId: string;
  readonly read: readonly types.Counter[];
  /** When, by the clock of the site. */
  readonly at: Instant;
  readonly now: Instant;
}

/** As many as one reading can have. */
const MOST_COUNTERS = 256;

/**
 * Keeps what is newest of each counter of a device: answers and scheduled readings may come out of order.
 *
 * @spec R5
 */
export const noteCounters = (stores: Pick<Stores, 'counters'>, reading: CounterReading): void => {
  const present = stores.counters.find(reading.deviceId);
  stores.counters.save(reading.deviceId, mergeCounters(present, reading));
};

/** @returns by name; beyond the limit, those that were read longest ago are left out */
export const mergeCounters = (
  present: readonly CounterRecord[],
  { read, at, now }: Pick<CounterReading, 'read' | 'at' | 'now'>,
): readonly CounterRecord[] => {
  // A site whose clock is ahead must not keep out what is read later.
  const readAt = Instant(Math.min(at, now));
  const merged = new Map(present.map((counter) => [counter.name, counter]));
  for (const { name, value } of read) {
    const known = merged.get(name);
    if (known === undefined || known.at <= readAt) merged.set(name, { name, value, at: readAt });
  }
  return [...merged.values()]
    .sort((left, right) => right.at - left.at)
    .slice(0, MOST_COUNTERS)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
};
