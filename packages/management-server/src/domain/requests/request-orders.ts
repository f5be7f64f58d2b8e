import { createHash } from 'node:crypto';
import { type RemoteRequestKind, requestFromJson, requestToJson } from '@postern/contracts';
import { after, type Clock, type Entropy, errorMessage, type Logger, randomId, Seconds } from '@postern/core';
import { serverError } from '../../errors.ts';
import type { MailOutbox } from '../mail/mail-outbox.ts';
import type { OrderFingerprint, Stores } from '../ports.ts';
import type { OrderRecord, RequestRecord, WayDown } from '../records.ts';
import { newRequest } from '../requests.ts';
import { type WaitingSites, waitingOf } from '../waiting-sites.ts';
import type { EndedRequests } from './ended-requests.ts';
import type { RequestExpiry } from './request-expiry.ts';
import { nextRequestState } from './request-state.ts';
import {
  type ResolvedTarget,
  resolveTargets,
  type TargetDirectory,
  type Targets,
} from './resolve-targets.ts';

export interface RequestOrdersParts extends TargetDirectory {
  readonly stores: Stores;
  readonly waiting: WaitingSites;
  readonly expiry: RequestExpiry;
  readonly ended: EndedRequests;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Absent where nothing goes down by mail. */
  readonly mail?: Pick<MailOutbox, 'checkReaches' | 'add' | 'wake'> | undefined;
  /** Requests about no update that one intermediary has not answered. */
  readonly mostOpen: number;
}

/** What is asked of whom. */
export interface RequestOrder {
  readonly kind: RemoteRequestKind;
  readonly targets: Targets;
  /** With Activate: the intermediary that has found the devices, wherever they are reported. */
  readonly at?: string | undefined;
  /** What the request carries, in its JSON form. */
  readonly arguments: unknown;
  readonly deadlineSeconds: number;
  readonly via: WayDown;
  /** Ordering again with the same key and content gives the first order. */
  readonly idempotencyKey?: string | undefined;
}

/** What operators do with requests to devices and intermediaries that are about no update. */
export class RequestOrders {
  readonly #parts: RequestOrdersParts;

  constructor(parts: RequestOrdersParts) {
    this.#parts = parts;
  }

  /**
   * Orders one request for each target, all of them or none: durable when it returns, and on their way where polls are
   * held. What the requests carry is checked by the contract before anything is stored.
   *
   * @throws PosternError `request-invalid` naming what is wrong with the arguments, `too-many-requests`,
   *   `idempotency-key-reused`, `mail-not-configured`, those of {@link resolveTargets}
   * @spec R1 R5 I1 I2
   */
  order(order: RequestOrder): { readonly order: OrderRecord; readonly created: boolean } {
    this.#parts.expiry.expireDue();
    const { stores, waiting, expiry, logger } = this.#parts;
    const body = checkedBody(order);
    const fingerprint = fingerprintOf(order, body);
    const result = stores.transaction(
      () => this.#repeated(fingerprint) ?? this.#create(order, body, fingerprint),
    );
    if (result.created) {
      const { id, targets, expiresAt } = result.order;
      logger.info('requests ordered', { order: id, kind: body.kind, targets });
      expiry.add(expiresAt);
      for (const intermediary of result.intermediaries)
        waiting.set(intermediary, waitingOf(stores, intermediary));
      if (order.via === 'mail') this.#parts.mail?.wake();
    }
    return result;
  }

  /** @throws PosternError `order-unknown` */
  findOrder(id: string): OrderRecord {
    const order = this.#parts.stores.orders.find(id);
    if (order === undefined) throw serverError('order-unknown', `There is no order ${id}`);
    return order;
  }

  /** @throws PosternError `request-unknown` */
  find(id: string): RequestRecord {
    const request = this.#parts.stores.requests.find(id);
    // The request of an update is seen as that update.
    if (request !== undefined && !('updateId' in request)) return request;
    throw serverError('request-unknown', `There is no request ${id}`);
  }

  /**
   * Calls a request off that its site has not acknowledged. It goes down no more; one that was on its way may still be
   * carried out, and its answer is kept.
   *
   * @throws PosternError `request-unknown`, `request-taken`
   */
  withdraw(id: string): RequestRecord {
    this.#parts.expiry.expireDue();
    const { stores, waiting, ended, clock, logger } = this.#parts;
    const withdrawn = stores.transaction(() => {
      const request = this.find(id);
      const state = nextRequestState(request.state, 'called-off');
      if (state === undefined) throw serverError('request-taken', `Request ${id} is ${request.state}`);
      const record: RequestRecord = { ...request, state, endedAt: clock.now() };
      stores.requests.save(record);
      return record;
    });
    logger.info('request withdrawn', { request: id, target: withdrawn.target });
    ended.tell([withdrawn]);
    waiting.set(withdrawn.intermediary, waitingOf(stores, withdrawn.intermediary));
    return withdrawn;
  }

  #repeated(fingerprint: OrderFingerprint | undefined) {
    const earlier = fingerprint && this.#parts.stores.orders.findKey(fingerprint.key);
    if (earlier === undefined) return undefined;
    if (earlier.contentSha256 !== fingerprint?.contentSha256) {
      throw serverError('idempotency-key-reused', 'The key was used for another order');
    }
    return { order: earlier.order, created: false, intermediaries: [] };
  }

  #create(
    { kind, targets, at, deadlineSeconds, via }: RequestOrder,
    body: OrderRecord['body'],
    fingerprint: OrderFingerprint | undefined,
  ) {
    const { stores, clock, entropy } = this.#parts;
    const resolved = resolveTargets(this.#parts, kind, targets, at);
    const sites = groupBySite(resolved);
    for (const [intermediary, { length }] of sites) {
      this.#checkRoom(intermediary, length);
      if (via === 'mail') this.#checkMail(intermediary);
    }
    const orderedAt = clock.now();
    const expiresAt = after(orderedAt, Seconds(deadlineSeconds));
    const order: OrderRecord = {
      id: randomId(entropy),
      body,
      via,
      targets: resolved.length,
      orderedAt,
      expiresAt,
    };
    stores.orders.add(order, fingerprint);
    for (const [intermediary, names] of sites) {
      for (const [place, target] of names.entries()) {
        const id = randomId(entropy);
        const addressed = { id, intermediary, target, orderedAt, expiresAt };
        stores.requests.add(newRequest({ kind, orderId: order.id }, addressed, { place, at }));
        if (via === 'mail') this.#parts.mail?.add(id);
      }
    }
    return { order, created: true, intermediaries: [...sites.keys()] };
  }

  #checkMail(intermediary: string): void {
    const { mail } = this.#parts;
    if (mail === undefined) throw serverError('mail-not-configured', 'This server sends no mail');
    mail.checkReaches(intermediary);
  }

  #checkRoom(intermediary: string, more: number): void {
    const { stores, mostOpen } = this.#parts;
    if (stores.requests.countOpen(intermediary) + more > mostOpen) {
      throw serverError(
        'too-many-requests',
        `${intermediary} would have more than ${mostOpen} open requests`,
      );
    }
  }
}

const groupBySite = (targets: readonly ResolvedTarget[]): ReadonlyMap<string, readonly string[]> => {
  const sites = new Map<string, string[]>();
  for (const { target, intermediary } of targets) {
    const names = sites.get(intermediary) ?? [];
    sites.set(intermediary, names);
    names.push(target);
  }
  return sites;
};

const checkedBody = ({ kind, arguments: given }: RequestOrder): OrderRecord['body'] => {
  if (typeof given === 'object' && given !== null && Object.hasOwn(given, 'requestId')) {
    throw serverError('request-invalid', 'arguments: the requestId is given by the server');
  }
  try {
    return requestFromJson(kind, given) as OrderRecord['body'];
  } catch (cause) {
    throw serverError('request-invalid', `arguments: ${errorMessage(cause)}`, { cause });
  }
};

const fingerprintOf = (order: RequestOrder, body: OrderRecord['body']): OrderFingerprint | undefined => {
  const { idempotencyKey: key, kind, targets, at, deadlineSeconds, via } = order;
  if (key === undefined) return undefined;
  const content = JSON.stringify([
    ...[kind, targets, requestToJson(body), deadlineSeconds, via],
    ...(at === undefined ? [] : [at]),
  ]);
  return { key, contentSha256: createHash('sha256').update(content).digest('hex') };
};
