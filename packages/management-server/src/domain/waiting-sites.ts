import type { Stores } from './ports.ts';

/** Requests beyond an intermediary's capacity in one poll answer. */
export const MOST_URGENT = 64;

/**
 * What waits for an intermediary: requests, and answers to calls. `urgent`: also something that frees room there and was not sent yet; it goes down
 * however full the intermediary is.
 */
export type Waiting = 'nothing' | 'requests' | 'urgent';

/** Reads what waits for an intermediary. */
export const waitingOf = (
  { requests, notices }: Pick<Stores, 'requests' | 'notices'>,
  intermediary: string,
): Waiting => {
  if (requests.openUrgent(intermediary, MOST_URGENT).some(({ sent }) => !sent)) return 'urgent';
  const waits = requests.open(intermediary, 1).length + notices.findDeferred(intermediary, 1).length > 0;
  return waits ? 'requests' : 'nothing';
};

/**
 * Which intermediaries have open requests or answers on their way down, in memory: what makes an idle poll cost no read. Loaded from the database
 * at the start and changed only after a commit.
 */
export class WaitingSites {
  readonly #sites: Map<string, Waiting>;
  readonly #onWaiting = new Set<(intermediary: string) => void>();

  constructor(stores: Pick<Stores, 'requests' | 'notices'>) {
    const names = [...stores.requests.waiting(), ...stores.notices.waiting()];
    this.#sites = new Map(names.map((name) => [name, waitingOf(stores, name)]));
  }

  /** Whether something waits for an intermediary that has room for `capacity` further requests. */
  has(intermediary: string, capacity: number): boolean {
    const waiting = this.#sites.get(intermediary);
    return waiting === 'urgent' || (waiting === 'requests' && capacity > 0);
  }

  /** Notes what waits for the intermediary, and wakes its held poll if something does. */
  set(intermediary: string, waiting: Waiting): void {
    if (waiting === 'nothing') {
      this.#sites.delete(intermediary);
      return;
    }
    this.#sites.set(intermediary, waiting);
    for (const listener of this.#onWaiting) listener(intermediary);
  }

  /** Calls `listener` whenever something waits for an intermediary. */
  onWaiting(listener: (intermediary: string) => void): void {
    this.#onWaiting.add(listener);
  }
}
