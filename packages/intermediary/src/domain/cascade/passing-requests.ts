import type { uplink } from '@postern/contracts';
import {
  after,
  between,
  type Clock,
  Days,
  type Duration,
  type Instant,
  type Logger,
  Milliseconds,
  Minutes,
  type Timer,
  toSeconds,
} from '@postern/core';
import { isFittingResponse, sizeOfRequest } from '@postern/soap-rpc';
import { updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { RequestFacts, RequestStore } from '../requests/ports.ts';
import type { Outgoing } from '../uplink/outgoing.ts';
import { wireFailure } from '../wire-text.ts';
import { imagesOf } from './images-of.ts';
import type { Passing, PassingStore } from './ports.ts';
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

/** What one poll answer carries. */
const MOST_REQUESTS = 64;
/** As they are written: well below what clients accept. One request always goes. */
const MOST_BYTES = 2 * 1_024 * 1_024;
/** What went down may be answered late, because the site was cut off. An update can be under way for long. */
const GRACE = Minutes(15);
const UPDATE_GRACE = Days(7);

type Waiting = 'nothing' | 'requests' | 'urgent';

/**
 * Requests for those below, from when they are stored until they are answered.
 *
 * @spec T2 R1 X6
 */
export class PassingRequests {
  readonly #options: PassingRequestsOptions;
  readonly #waiting = new Map<string, Waiting>();
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PassingRequestsOptions) {
    this.#options = options;
    for (const child of options.below.children()) this.#note(child);
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
    const waiting = this.#waiting.get(child);
    return waiting === 'urgent' || (waiting === 'requests' && capacity > 0);
  }

  /** What goes down now, marked as sent. Called inside the transaction of a poll. */
  take(child: string, capacity: number): uplink.Request[] {
    const { store } = this.#options;
    const urgent = store.open(child, MOST_REQUESTS, 'urgent');
    const room = Math.min(capacity, MOST_REQUESTS - urgent.length);
    const ordinary = room > 0 ? store.open(child, room) : [];
    const known = new Set(urgent.map(({ requestId }) => requestId));
    const taken: uplink.Request[] = [];
    let left = MOST_BYTES;
    for (const passing of [...urgent, ...ordinary.filter(({ requestId }) => !known.has(requestId))]) {
      const body = store.body(passing.requestId);
      if (body === undefined) continue;
      const request = this.#wire(passing, body);
      left -= sizeOfRequest(request);
      if (left < 0 && taken.length > 0) break;
      if (passing.state === 'waiting') store.save({ ...passing, state: 'sent', endsAt: graceOf(passing) });
      taken.push(request);
    }
    return taken;
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
   * @throws PosternError `request-foreign`
   */
  delayed(child: string, notice: uplink.DelayNotice): Effect {
    const passing = this.#sent(child, notice.requestId);
    if (passing.state === 'answered') return () => {};
    this.#markTaken(passing);
    return () => this.#options.outgoing.notices.relay(notice);
  }

  /**
   * It answers: into the outbox, once. In place of an answer of another kind than the request, the failure that this is
   * one goes up. Called inside the transaction of a poll.
   *
   * @throws PosternError `request-foreign`
   */
  answered(child: string, { requestId, at, body }: uplink.Response): Effect {
    const { outgoing, logger } = this.#options;
    const passing = this.#sent(child, requestId);
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
    for (const child of children) {
      this.#note(child);
      if (this.#waiting.has(child)) this.#options.onWaiting(child);
    }
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

  #wire(
    { requestId, target, rest, expiresAt, receivedAt }: Passing,
    body: uplink.RequestBody,
  ): uplink.Request {
    const now = this.#options.clock.now();
    return {
      requestId,
      target,
      expiresInSeconds: secondsUntil(expiresAt, now),
      body: shortened(body, between(receivedAt, now)),
      ...(rest.length === 0 ? {} : { route: { node: rest } }),
    };
  }

  #markTaken(passing: Passing): void {
    if (passing.state === 'sent') this.#options.store.save({ ...passing, state: 'taken' });
  }

  #sent(child: string, requestId: string): Passing {
    const passing = this.#options.store.find(requestId);
    if (passing === undefined || passing.child !== child || passing.state === 'waiting') {
      throw intermediaryError('request-foreign', `No request ${requestId} was sent to ${child}`);
    }
    return passing;
  }

  #end(passing: Passing, at: Instant, body: uplink.ResponseBody): void {
    const { store, requests } = this.#options;
    requests.answer(passing.requestId, at, body);
    store.save({ ...passing, state: 'answered' });
  }

  #note(child: string): void {
    const { store } = this.#options;
    const urgent = store.open(child, MOST_REQUESTS, 'urgent').some(({ state }) => state === 'waiting');
    if (urgent) this.#waiting.set(child, 'urgent');
    else if (store.open(child, 1).length > 0) this.#waiting.set(child, 'requests');
    else this.#waiting.delete(child);
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

const graceOf = ({ kind, expiresAt }: Passing): Instant =>
  after(expiresAt, kind === 'UpdateSoftware' ? UPDATE_GRACE : GRACE);

const secondsUntil = (end: Instant, now: Instant): number =>
  toSeconds(Milliseconds(Math.max(0, between(now, end))));

/** Durations travel, not instants: the time that an order has waited here is taken off. */
const shortened = (body: uplink.RequestBody, waited: Duration): uplink.RequestBody =>
  body.kind === 'UpdateSoftware'
    ? {
        kind: body.kind,
        value: {
          ...body.value,
          deadlineSeconds: Math.max(0, body.value.deadlineSeconds - Math.floor(waited / 1_000)),
        },
      }
    : body;
