import type { PassingStore } from './ports.ts';
import { MOST_REQUESTS } from './requests-down.ts';

/** `urgent`: also something that frees room there; it goes down however full the intermediary below is. */
type Waiting = 'requests' | 'urgent';

/** For which intermediaries below requests wait, in memory: what makes an idle poll cost no read. */
export class WaitingBelow {
  readonly #store: Pick<PassingStore, 'open'>;
  readonly #onWaiting: (child: string) => void;
  readonly #waiting = new Map<string, Waiting>();

  /** @param onWaiting something has come to wait for an intermediary below */
  constructor(
    store: Pick<PassingStore, 'open'>,
    children: readonly string[],
    onWaiting: (child: string) => void,
  ) {
    this.#store = store;
    this.#onWaiting = onWaiting;
    for (const child of children) this.#look(child);
  }

  /** Whether something waits for an intermediary below that has room for `capacity` requests. */
  has(child: string, capacity: number): boolean {
    const waiting = this.#waiting.get(child);
    return waiting === 'urgent' || (waiting === 'requests' && capacity > 0);
  }

  /** Looks what waits, after a commit. */
  changed(children: Iterable<string>): void {
    for (const child of children) {
      this.#look(child);
      if (this.#waiting.has(child)) this.#onWaiting(child);
    }
  }

  #look(child: string): void {
    const urgent = this.#store.open(child, MOST_REQUESTS, 'urgent').some(({ state }) => state === 'waiting');
    if (urgent) this.#waiting.set(child, 'urgent');
    else if (this.#store.open(child, 1).length > 0) this.#waiting.set(child, 'requests');
    else this.#waiting.delete(child);
  }
}
