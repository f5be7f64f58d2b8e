import type { uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';

/** A request that came down, without its content. */
export interface RequestFacts {
  readonly requestId: string;
  readonly target: string;
  readonly kind: uplink.RequestBody['kind'];
  readonly expiresAt: Instant;
}

/** The durable record of requests and of the answers that wait to go up. All calls are synchronous. */
export interface RequestStore {
  /** Commits what `work` wrote, or nothing when it throws. */
  transaction<T>(work: () => T): T;
  /** Stores a request; false when it was stored before. */
  add(request: RequestFacts): boolean;
  /** Whether a request was stored before. */
  has(requestId: string): boolean;
  /** Puts the answer of a stored request into the outbox, once. */
  answer(requestId: string, at: Instant, body: uplink.ResponseBody): void;
  /** Requests without an answer, oldest first. */
  open(): readonly RequestFacts[];
  countOpen(): number;
  /** Identifiers of the answers that wait, oldest first. */
  waiting(): readonly string[];
  response(requestId: string): uplink.Response | undefined;
  /** The server has these answers: they are not kept any longer. */
  acknowledge(requestIds: readonly string[]): void;
}
