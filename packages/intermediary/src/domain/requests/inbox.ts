import type { device, types, uplink } from '@postern/contracts';
import { after, type Clock, errorCode, type Logger, Seconds } from '@postern/core';
import { done, initialState, updateError } from '@postern/software-update';
import type { PassingRequests } from '../cascade/passing-requests.ts';
import type { Onward } from '../cascade/way-to.ts';
import type { Adoption } from '../connections/adoption.ts';
import type { DeviceStore } from '../devices.ts';
import { travelling } from '../shelf/order-shelf.ts';
import { type OrderContext, orderUpdate } from '../updates/order.ts';
import type { StoredUpdate, UpdateStore } from '../updates/ports.ts';
import type { UpdateScheduler } from '../updates/scheduler.ts';
import type { Outgoing } from '../uplink/outgoing.ts';
import type { SiteTrust } from '../vendor-trust.ts';
import { wireFailure } from '../wire-text.ts';
import type { DeviceRequests } from './device-requests.ts';
import { notSupportedYet } from './not-supported.ts';
import type { RequestFacts, RequestStore } from './ports.ts';
import { isDeviceRequestKind } from './request-kinds.ts';
import { decideSiteRequest } from './site/decide-site-request.ts';
import type { SiteRequestsOptions } from './site/site-service.ts';

export interface InboxOptions {
  readonly requests: RequestStore;
  readonly updates: UpdateStore;
  readonly devices: DeviceStore;
  readonly adoption: Pick<Adoption, 'requireActive'>;
  readonly scheduler: UpdateScheduler;
  readonly deviceRequests: DeviceRequests;
  readonly outgoing: Outgoing;
  /** Requests for those below. */
  readonly passing: Pick<PassingRequests, 'onward' | 'pass' | 'holds'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This intermediary's name. */
  readonly name: string;
  readonly trust: SiteTrust;
  /** What the site decides every order by; asked once the order's key rotations were followed. */
  readonly orderContext: () => Omit<OrderContext, 'now' | 'device' | 'orderedBy'>;
  /** Requests to the intermediary itself. */
  readonly site: SiteRequestsOptions;
  /** Requests without an answer at a time. */
  readonly mostOpenRequests: number;
  /** Room for what they say. */
  readonly mostRequestBytes: number;
  /** Updates of one device that are not decided, the running one included. */
  readonly mostUpdatesPerDevice: number;
}

/** Requests about a device that need not be one of the site. */
const OF_ANY_DEVICE: readonly uplink.RequestBody['kind'][] = ['Activate', 'CancelUpdate'];

/** Kinds whose content is kept where their work is. */
const KEPT_ELSEWHERE: readonly string[] = ['UpdateSoftware', 'FetchSoftware'];

/** Where a request is carried out: here, by somebody below, or nowhere. */
type Way = Onward | 'here' | { readonly wrong: unknown };

/** What is left to do for a request once it is stored: nothing before that may have an effect. */
type Effect = () => void;

/**
 * Takes what comes down. A request is stored, and decided as far as it can be, in one transaction before it is
 * acknowledged; one that comes again is acknowledged again and nothing else.
 *
 * @spec R1 X6
 */
export class Inbox {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** How many further requests can be taken. */
  get capacity(): number {
    const { requests, mostOpenRequests, mostRequestBytes } = this.#options;
    if (requests.openBytes() >= mostRequestBytes) return 0;
    return Math.max(mostOpenRequests - requests.countOpen(), 0);
  }

  /** Goes on with requests that an earlier process had not answered. */
  recover(): void {
    const { requests, deviceRequests, outgoing, site, passing } = this.#options;
    for (const request of requests.open()) {
      if (passing.holds(request.requestId)) continue;
      if (isDeviceRequestKind(request.kind)) {
        deviceRequests.start(request);
        continue;
      }
      outgoing.notices.open(request.requestId);
      if (request.kind === 'FetchSoftware') site.fetchSoftware.start(request);
      else site.connections.recover(request);
    }
  }

  /** Puts an answer into the outbox. */
  answer(requestId: string, body: uplink.ResponseBody): void {
    this.#options.requests.answer(requestId, this.#options.clock.now(), body);
    this.#options.outgoing.answered(requestId);
  }

  /** Takes the answer to a poll. */
  take({ acknowledged, requests }: uplink.PollResponse): void {
    const { requests: store, scheduler } = this.#options;
    const there = acknowledged?.id ?? [];
    if (there.length > 0) store.acknowledge(there);
    for (const requestId of there) scheduler.acknowledged(requestId);
    if (requests !== undefined && requests.request.length > 0) this.#receive(requests.request);
  }

  #receive(requests: readonly uplink.Request[]): void {
    const { requests: store, outgoing, logger } = this.#options;
    const taken: string[] = [];
    const effects: Effect[] = [];
    store.transaction(() => {
      for (const request of requests) {
        const effect = this.#store(request);
        if (effect === 'no-room') continue;
        taken.push(request.requestId);
        if (effect !== 'known') effects.push(effect);
      }
    });
    for (const requestId of taken) outgoing.acknowledge(requestId);
    for (const effect of effects) effect();
    if (taken.length < requests.length) {
      logger.warn('More requests came down than there is room for', { left: requests.length - taken.length });
    }
  }

  /** Stores one request and decides what to do. What is refused for lack of room is not acknowledged: it comes again. */
  #store(request: uplink.Request): Effect | 'known' | 'no-room' {
    const { requests: store, clock } = this.#options;
    const { requestId, target, body } = request;
    const facts: RequestFacts = {
      requestId,
      target,
      kind: body.kind,
      expiresAt: after(clock.now(), Seconds(request.expiresInSeconds)),
    };
    if (this.capacity === 0) return store.has(requestId) ? 'known' : 'no-room';
    const way = this.#wayOf(request);
    const keptElsewhere = KEPT_ELSEWHERE.includes(body.kind) || way !== 'here';
    if (!store.add(facts, keptElsewhere ? undefined : body)) return 'known';
    try {
      return this.#decide(facts, request, way);
    } catch (error) {
      return this.#answerNow(requestId, { kind: 'Failure', value: this.#refusal(requestId, error) });
    }
  }

  /** Where it is carried out; what is wrong with its route is for the answer to say. */
  #wayOf(request: uplink.Request): Way {
    try {
      return this.#options.passing.onward(request) ?? 'here';
    } catch (wrong) {
      return { wrong };
    }
  }

  #decide(facts: RequestFacts, request: uplink.Request, way: Way): Effect {
    const { deviceRequests, devices, name, passing } = this.#options;
    const { requestId, target, body, expiresInSeconds } = request;
    if (expiresInSeconds === 0) {
      throw updateError('deadline-exceeded', 'The request had expired when it arrived');
    }
    if (way !== 'here') {
      if ('wrong' in way) throw way.wrong;
      return passing.pass(facts, body, way);
    }
    if (!OF_ANY_DEVICE.includes(body.kind)) this.#options.adoption.requireActive(target);
    if (body.kind === 'UpdateSoftware') return this.#order(requestId, target, body.value);
    if (body.kind === 'CancelUpdate') return this.#cancel(requestId, body.value.requestId, target);
    const effect = target === name || body.kind === 'Activate' ? this.#decideHere(facts, body) : undefined;
    if (effect !== undefined) return effect;
    // Its own software makes an intermediary a device of itself.
    const toDevice = target !== name || devices.get(name) !== undefined;
    if (isDeviceRequestKind(body.kind) && toDevice) return () => deviceRequests.start(facts);
    throw notSupportedYet(body.kind);
  }

  #decideHere(facts: RequestFacts, body: uplink.RequestBody): Effect | undefined {
    const decision = decideSiteRequest(this.#options.site, facts, body);
    if (decision === undefined) return undefined;
    if ('begin' in decision) {
      return () => {
        this.#options.outgoing.notices.open(facts.requestId);
        decision.begin();
      };
    }
    const answer = this.#answerNow(facts.requestId, decision.answer);
    return () => {
      answer();
      decision.effect();
    };
  }

  /** S101 */
  #order(requestId: string, deviceId: string, order: device.UpdateSoftware): Effect {
    const { devices, updates, scheduler, outgoing, clock, mostUpdatesPerDevice } = this.#options;
    const { trust, orderContext } = this.#options;
    const now = clock.now();
    trust.follow(order.keyRotations?.record ?? []);
    const ordered = { ...order, keyRotations: { record: travelling(trust) } };
    const context = { ...orderContext(), now, device: devices.get(deviceId)?.information };
    const job = orderUpdate(requestId, deviceId, ordered, { ...context, orderedBy: 'server' });
    if (updates.countUndecided(deviceId) >= mostUpdatesPerDevice) {
      throw updateError('update-already-open', `Too many updates of ${deviceId} wait already`);
    }
    const stored: StoredUpdate = { job, state: initialState, cancelled: false, movedTo: undefined };
    const lines = updates.add(stored, [done('S101', job.manifest.software)], now);
    return () => {
      outgoing.notices.open(requestId, lines);
      scheduler.add(stored);
    };
  }

  #cancel(requestId: string, jobId: string, target: string): Effect {
    const { updates, scheduler, name } = this.#options;
    const deviceId = updates.get(jobId)?.job.deviceId;
    const cancelled = (target === name || target === deviceId) && scheduler.isCancellable(jobId);
    if (cancelled) updates.markCancelled(jobId);
    const answer = this.#answerNow(requestId, { kind: 'CancelUpdateResponse', value: { cancelled } });
    return () => {
      answer();
      if (cancelled) scheduler.cancel(jobId);
    };
  }

  #answerNow(requestId: string, body: uplink.ResponseBody): Effect {
    const { requests, outgoing, clock } = this.#options;
    requests.answer(requestId, clock.now(), body);
    return () => outgoing.answered(requestId);
  }

  #refusal(requestId: string, error: unknown): types.Failure {
    const { logger } = this.#options;
    const code = errorCode(error, 'internal-error');
    // A failing database must roll the transaction back, not become an answer.
    if (code.startsWith('storage-') || code.startsWith('SQLITE_') || code === 'database-corrupt') throw error;
    if (code === 'internal-error')
      logger.error('A request failed unexpectedly', { request: requestId, error });
    else logger.info('A request was refused', { request: requestId, code });
    return wireFailure(error);
  }
}
