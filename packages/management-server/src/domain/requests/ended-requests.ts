import type { RequestRecord } from '../records.ts';
import type { WaitingReads } from '../waiting-reads.ts';

/** Tells those who wait that a request, and one of an order's requests with it, has ended. */
export class EndedRequests {
  readonly #reads: Pick<WaitingReads, 'wake'>;

  constructor(reads: Pick<WaitingReads, 'wake'>) {
    this.#reads = reads;
  }

  /** Call it after the commit. */
  tell(ended: readonly RequestRecord[]): void {
    for (const request of ended) {
      this.#reads.wake(request.id);
      if ('orderId' in request) this.#reads.wake(request.orderId);
    }
  }
}
