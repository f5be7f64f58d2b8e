import { after, type Clock, Instant, type Logger, Minutes } from '@postern/core';
import { DeadlineTimer } from '../deadline-timer.ts';
import type { Stores } from '../ports.ts';
import type { RequestRecord } from '../records.ts';
import { type WaitingSites, waitingOf } from '../waiting-sites.ts';
import type { EndedRequests } from './ended-requests.ts';
import { nextRequestState } from './request-state.ts';

export interface RequestExpiryParts {
  readonly stores: Stores;
  readonly waiting: WaitingSites;
  readonly ended: EndedRequests;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long after its deadline a site may still answer: it may have been cut off. */
export const ANSWER_GRACE = Minutes(15);

/**
 * Ends requests about no update whose time is over: those that nobody fetched at their deadline, those that went down
 * when the site has told nothing for a while longer.
 *
 * @spec R1
 */
export class RequestExpiry {
  readonly #parts: RequestExpiryParts;
  readonly #deadlines: DeadlineTimer;

  constructor(parts: RequestExpiryParts) {
    this.#parts = parts;
    this.#deadlines = new DeadlineTimer({
      ...parts,
      what: 'requests',
      nearest: () => this.#nearest(),
      expire: (now) => this.#expire(now),
    });
  }

  /** A request with this deadline was ordered. */
  add(expiresAt: Instant): void {
    this.#deadlines.add(expiresAt);
  }

  /** Ends what is overdue at this moment. Reads nothing while nothing is. */
  expireDue(): void {
    this.#deadlines.expireDue();
  }

  close(): void {
    this.#deadlines.close();
  }

  #nearest(): Instant | undefined {
    const { waiting, sent } = this.#parts.stores.requests.nextDeadlines();
    if (sent === undefined) return waiting;
    const silentAt = after(sent, ANSWER_GRACE);
    return waiting === undefined ? silentAt : Instant(Math.min(waiting, silentAt));
  }

  #expire(now: Instant): void {
    const { stores, waiting, ended, logger } = this.#parts;
    const expired = stores.transaction(() =>
      stores.requests.overdue(now, Instant(now - ANSWER_GRACE)).flatMap((request) => {
        const record = end(request, now);
        if (record !== undefined) stores.requests.save(record);
        return record === undefined ? [] : [record];
      }),
    );
    for (const { id, kind, target, reason } of expired) {
      logger.info('request expired', { request: id, kind, target, reason });
    }
    for (const intermediary of new Set(expired.map((request) => request.intermediary))) {
      waiting.set(intermediary, waitingOf(stores, intermediary));
    }
    ended.tell(expired);
  }
}

const end = (request: RequestRecord, now: Instant): RequestRecord | undefined => {
  const event = request.sent ? 'given-up' : 'deadline-passed';
  const state = nextRequestState(request.state, event);
  const reason = request.sent ? 'site-silent' : 'deadline-exceeded';
  return state && { ...request, state, endedAt: now, reason };
};
