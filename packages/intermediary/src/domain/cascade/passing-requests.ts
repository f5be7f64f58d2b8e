import type { uplink } from '@postern/contracts';
import {
  between,
  type Clock,
  type Duration,
  type Instant,
  type Logger,
  Milliseconds,
  type Timer,
} from '@postern/core';
import { isFittingResponse } from '@postern/soap-rpc';
import { updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { RequestFacts, RequestStore } from '../requests/ports.ts';
import type { Outgoing } from '../uplink/outgoing.ts';
import { wireFailure } from '../wire-text.ts';
import { imagesOf } from './images-of.ts';
import type { Passing, PassingStore } from './ports.ts';
import { takeDown } from './requests-down.ts';
import { WaitingBelow } from './waiting-below.ts';
import { type Onward, type WayParts, wayTo } from './way-to.ts';

export interface PassingRequestsOptions extends WayParts {
  readonly store: PassingStore;
  readonly requests: Pick<RequestStore, 'answer'>;
  readonly outgoing: Pick<Outgoing, 'answered' | 'notices'>;
  /** Unanswered requests of one intermediary below; what is beyond is refused, so that it holds up nobody else. */
  readonly mostRequests: number;
  /** Of what unanswered requests carry. */
  readonly mostBytes: number;
  /** The node above is told of a request that takes longer. */
  readonly delayNoticeAfter: () => Duration;
  /** Something has come to wait for an intermediary below. */
  readonly onWaiting: (child: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is left to do once what was decided is durable. */
export type Effect = () => void;

/**
 * Requests for those below, from when they are stored until they are answered.
 *
 * @spec T2 R1 X6
 */
export class PassingRequests {
  readonly #options: PassingRequestsOptions;
  readonly #waiting: WaitingBelow;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PassingRequestsOptions) {
    this.#options = options;
    this.#waiting = new WaitingBelow(options.store, options.below.children(), options.onWaiting);
    this.#arm();
  }

  /** Where a request goes on to; undefined for what is to be done here. @throws as {@link wayTo} */
  onward(request: uplink.Request): Onward | undefined {
    return wayTo(this.#options, request);
  }

  /** Whether a request is one for those below. */
  holds(requestId: string): boolean {
    return this.#options.store.find(requestId) !== undefined;
  }

  /**
   * Takes a request over. Called inside the transaction that stores it.
   *
   * @throws PosternError `too-many-requests-below`, or why its images cannot be read
   */
  pass(facts: RequestFacts, body: uplink.RequestBody, { child, rest }: Onward): Effect {
    const { store, mostRequests, mostBytes, delayNoticeAfter, clock } = this.#options;
    if (store.countUnanswered(child) >= mostRequests || store.bytes() >= mostBytes) {
      throw intermediaryError(
        'too-many-requests-below',
        `${child} has not answered what it was asked before`,
      );
    }
    const images = imagesOf(body);
    const passing: Passing = {
      ...facts,
      child,
      rest,
      receivedAt: clock.now(),
      endsAt: facts.expiresAt,
      state: 'waiting',
    };
    store.add(passing, body, images);
    return () => {
      clock.schedule(delayNoticeAfter(), () => this.#tellOfDelay(facts.requestId), { background: true });
      this.changed([child]);
    };
  }

  /** Whether something waits for an intermediary below that has room for `capacity` requests; costs no read. */
  isWaiting(child: string, capacity: number): boolean {
    return this.#waiting.has(child, capacity);
  }

  /** What goes down now, marked as sent. Called inside the transaction of a poll. */
  take(child: string, capacity: number): uplink.Request[] {
    const { store, clock } = this.#options;
    return takeDown(store, clock.now(), child, capacity);
  }

  /** The intermediary below has stored these. Called inside the transaction of a poll. */
  received(child: string, requestIds: readonly string[]): void {
    for (const requestId of requestIds) {
      const passing = this.#options.store.find(requestId);
      if (passing?.child === child) this.#markTaken(passing);
    }
  }

  /**
   * It tells how far it is.
   *
   * @returns undefined about what was never sent to it, which changes nothing
   */
  delayed(child: string, notice: uplink.DelayNotice): Effect | undefined {
    const passing = this.#sent(child, notice.requestId);
    if (passing === undefined) return undefined;
    if (passing.state === 'answered') return () => {};
    this.#markTaken(passing);
    return () => this.#options.outgoing.notices.relay(notice);
  }

  /**
   * It answers: into the outbox, once. In place of an answer of another kind than the request, the failure that this is
   * one goes up. Called inside the transaction of a poll.
   *
   * @returns undefined for an answer to what was never sent to it, which changes nothing
   */
  answered(child: string, { requestId, at, body }: uplink.Response): Effect | undefined {
    const { outgoing, logger } = this.#options;
    const passing = this.#sent(child, requestId);
    if (passing === undefined) return undefined;
    if (passing.state === 'answered') return () => {};
    if (isFittingResponse(passing.kind, body)) {
      this.#end(passing, at, body);
      return () => outgoing.answered(requestId);
    }
    const error = intermediaryError('response-unexpected', `${passing.kind} was answered by ${body.kind}`);
    this.#end(passing, at, { kind: 'Failure', value: wireFailure(error) });
    return () => {
      logger.warn('A response from below is of the wrong kind', {
        child,
        request: requestId,
        code: error.code,
      });
      outgoing.answered(requestId);
    };
  }

  /**
   * A target is elsewhere now: what did not go down goes the new way, and an update that is under way at the old place
   * ends. `Activate` stays on the way that it was told. Called inside a transaction.
   *
   * @param onward absent where it is a device of this site from now on, or gone from everything below
   */
  follow(target: string, onward: Onward | undefined): Effect {
    const { store, outgoing, clock } = this.#options;
    const touched = new Set<string>();
    const ended: string[] = [];
    for (const passing of store.forTarget(target)) {
      if (passing.kind === 'Activate') continue;
      touched.add(passing.child);
      if (passing.state === 'waiting' && onward !== undefined) {
        store.save({ ...passing, ...onward });
        touched.add(onward.child);
      } else if (passing.state === 'waiting' || passing.kind === 'UpdateSoftware') {
        const moved = intermediaryError('device-moved', `${target} has moved away from ${passing.child}`);
        this.#end(passing, clock.now(), { kind: 'Failure', value: wireFailure(moved) });
        ended.push(passing.requestId);
      }
    }
    return () => {
      for (const requestId of ended) outgoing.answered(requestId);
      this.changed(touched);
    };
  }

  /** Looks what waits for intermediaries below, after a commit. */
  changed(children: Iterable<string>): void {
    this.#waiting.changed(children);
    this.#arm();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #tellOfDelay(requestId: string): void {
    const { store, outgoing } = this.#options;
    const isOpen = !this.#closed && store.find(requestId)?.state !== 'answered';
    if (isOpen && !outgoing.notices.has(requestId)) outgoing.notices.open(requestId);
  }

  #markTaken(passing: Passing): void {
    if (passing.state === 'sent') this.#options.store.save({ ...passing, state: 'taken' });
  }

  #sent(child: string, requestId: string): Passing | undefined {
    const passing = this.#options.store.find(requestId);
    return passing?.child === child && passing.state !== 'waiting' ? passing : undefined;
  }

  #end(passing: Passing, at: Instant, body: uplink.ResponseBody): void {
    const { store, requests } = this.#options;
    requests.answer(passing.requestId, at, body);
    store.save({ ...passing, state: 'answered' });
  }

  /** One timer, for the nearest end. */
  #arm(): void {
    this.#timer?.cancel();
    const { store, clock } = this.#options;
    const end = store.nextEnd();
    if (end === undefined) return;
    const delay = Milliseconds(Math.max(0, between(clock.now(), end)));
    this.#timer = clock.schedule(delay, () => this.#expire(), { background: true });
  }

  /** Answers what nobody below has answered. */
  #expire(): void {
    const { store, clock, outgoing, logger } = this.#options;
    const now = clock.now();
    const overdue = store.overdue(now);
    for (const passing of overdue) {
      const { requestId, child, state } = passing;
      const error =
        state === 'waiting'
          ? updateError('deadline-exceeded', `${child} did not call before the request expired`)
          : intermediaryError('below-silent', `${child} took the request, and has told nothing of its end`);
      this.#end(passing, now, { kind: 'Failure', value: wireFailure(error) });
      logger.info('A request for somebody below has expired', { request: requestId, child });
      outgoing.answered(requestId);
    }
    this.changed(new Set(overdue.map(({ child }) => child)));
  }
}
