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
  /**
   * Stores a request; false when it was stored before.
   *
   * @param body kept until the request is answered
   */
  add(request: RequestFacts, body?: uplink.RequestBody): boolean;
  /** What an open request says; undefined for kinds whose content is kept elsewhere, and once it is answered. */
  body(requestId: string): uplink.RequestBody | undefined;
  /** Whether a call of an open request that changes something may have reached the device. */
  isBegun(requestId: string): boolean;
  /** Notes that a call which changes something is about to reach the device, or that it certainly has not. */
  setBegun(requestId: string, begun: boolean): void;
  /** How much room the bodies of open requests take. */
  openBytes(): number;
  /** Whether a request was stored before. */
  has(requestId: string): boolean;
  /** Puts the answer of a stored request into the outbox, once; its body is forgotten. */
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
