import { isDeepStrictEqual } from 'node:util';
import type { device } from '@postern/contracts';
import {
  after,
  type Clock,
  type Entropy,
  Hours,
  type Instant,
  type Logger,
  Minutes,
  randomId,
  Seconds,
} from '@postern/core';
import { SERVER_ERRORS, serverError } from '../errors.ts';
import { withdrawRequests } from './accept-answers.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import type { LiveEvent, LiveUpdates } from './live-updates.ts';
import { checkOrder } from './order-check.ts';
import { checkPolicy } from './order-policy.ts';
import type { OrderKey, Stores } from './ports.ts';
import type { UpdateRecord, UpdateResult } from './records.ts';
import { checkImages, type ImageInventory } from './register-software.ts';
import { newRequest } from './requests.ts';
import { isOpen, nextState } from './update-state.ts';
import type { VendorKeys } from './vendor-keys.ts';
import { type WaitingSites, waitingOf } from './waiting-sites.ts';

export interface UpdatesParts {
  readonly stores: Stores;
  readonly images: ImageInventory;
  readonly vendorKeys: VendorKeys;
  readonly live: LiveUpdates;
  readonly waiting: WaitingSites;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

export interface UpdateOrder {
  readonly deviceId: string;
  readonly softwareId: string;
  readonly deadlineSeconds: number;
  readonly policy?: device.UpdatePolicy | undefined;
  /** Ordering again with the same key and content gives the first order's update. */
  readonly idempotencyKey?: string | undefined;
}

/** How long a cancellation waits for its intermediary. */
const CANCELLATION_LIFETIME = Hours(24);
/** How long after an update's deadline its site may still tell the end: it may have been cut off. */
const ANSWER_GRACE = Minutes(15);

/** What operators do with updates, and their expiry. */
export class Updates {
  readonly #parts: UpdatesParts;
  readonly #deadlines: DeadlineTimer;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    this.#deadlines = new DeadlineTimer({
      ...parts,
      what: 'updates',
      nearest: () => parts.stores.updates.nextDeadline(),
      expire: (now) => this.#expire(now),
    });
  }

  /**
   * Orders an update: durable when it returns, and on its way if the intermediary's poll is held.
   *
   * @throws PosternError those of {@link checkOrder}, {@link checkPolicy} and {@link checkImages},
   *   `manifest-signature-invalid`, `idempotency-key-reused`
   * @spec R1
   */
  async order(order: UpdateOrder): Promise<{ readonly update: UpdateRecord; readonly created: boolean }> {
    this.expireDue();
    const { stores, images, waiting, logger } = this.#parts;
    const software = stores.software.find(order.softwareId);
    if (software !== undefined) await checkImages(software.manifest, images);
    const result = stores.transaction(() => this.#repeated(order) ?? this.#create(order));
    if (result.created) {
      const { id, deviceId, intermediary, deadline } = result.update;
      this.#deadlines.add(deadline);
      logger.info('update ordered', { update: id, device: deviceId, intermediary });
      waiting.set(intermediary, waitingOf(stores, intermediary));
    }
    return result;
  }

  /**
   * Calls an update off. One that was not fetched ends at once; otherwise its intermediary is asked, and the update
   * ends by its answer.
   *
   * @throws PosternError `update-unknown`, `update-finished`
   */
  cancel(id: string): UpdateRecord {
    this.expireDue();
    const { stores, waiting, live } = this.#parts;
    const events: LiveEvent[] = [];
    const update = stores.transaction(() => {
      const present = this.find(id);
      if (!isOpen(present.state)) throw serverError('update-finished', `Update ${id} is ${present.state}`);
      return (
        this.#end(present, 'called-off', events) ??
        this.#giveUp(present, events) ??
        this.#requestCancellation(present)
      );
    });
    live.publish(events);
    waiting.set(update.intermediary, waitingOf(stores, update.intermediary));
    return update;
  }

  /** @throws PosternError `update-unknown` */
  find(id: string): UpdateRecord {
    const update = this.#parts.stores.updates.find(id);
    if (update === undefined) throw serverError('update-unknown', `There is no update ${id}`);
    return update;
  }

  /** Ends the updates that nobody fetched before their deadline. Reads nothing while none is due. */
  expireDue(): void {
    this.#deadlines.expireDue();
  }

  close(): void {
    this.#deadlines.close();
  }

  #expire(now: Instant): void {
    const { stores, live, waiting, logger } = this.#parts;
    const events: LiveEvent[] = [];
    const expired = stores.transaction(() => {
      const overdue = stores.updates.overdue(now);
      for (const update of overdue) this.#end(update, 'deadline-passed', events);
      return overdue;
    });
    live.publish(events);
    for (const { id, deviceId, intermediary } of expired) {
      logger.info('update expired before it was fetched', { update: id, device: deviceId });
      waiting.set(intermediary, waitingOf(stores, intermediary));
    }
  }

  #repeated(order: UpdateOrder) {
    const { stores } = this.#parts;
    const { idempotencyKey: key } = order;
    const earlier = key === undefined ? undefined : stores.updates.findOrder(key);
    if (earlier === undefined) return undefined;
    const same = (['deviceId', 'softwareId', 'deadlineSeconds', 'policy'] as const).every((field) =>
      isDeepStrictEqual(earlier.order[field], order[field]),
    );
    if (!same) throw serverError('idempotency-key-reused', 'The key was used for another order');
    return { update: this.find(earlier.updateId), created: false };
  }

  #create(order: UpdateOrder) {
    const { stores, vendorKeys, clock, entropy } = this.#parts;
    const { deviceId, softwareId, deadlineSeconds, policy, idempotencyKey: key } = order;
    const now = clock.now();
    const { device, software } = checkOrder({
      deviceId,
      softwareId,
      device: stores.devices.find(deviceId),
      software: stores.software.find(softwareId),
      openUpdate: stores.updates.findOpen(deviceId),
      now,
    });
    checkPolicy(policy);
    vendorKeys.confirm(software);
    const update: UpdateRecord = {
      id: randomId(entropy),
      deviceId,
      intermediary: device.intermediary,
      orderedBy: 'server',
      softwareId,
      policy,
      state: 'ordered',
      phase: undefined,
      orderedAt: now,
      deadline: after(now, Seconds(deadlineSeconds)),
      finishedAt: undefined,
      cancelRequested: false,
      result: undefined,
    };
    const orderKey: OrderKey | undefined = key === undefined ? undefined : { ...order, policy, key };
    stores.updates.add(update, orderKey);
    const subject = { kind: 'UpdateSoftware', updateId: update.id } as const;
    const { id, intermediary, deadline: expiresAt } = update;
    stores.requests.add(
      newRequest(subject, { id, intermediary, target: deviceId, orderedAt: now, expiresAt }),
    );
    return { update, created: true };
  }

  /** The way out when a site has lost its memory: nothing will ever answer, and the device must not stay taken. */
  #giveUp(update: UpdateRecord, events: LiveEvent[]): UpdateRecord | undefined {
    if (this.#parts.clock.now() < after(update.deadline, ANSWER_GRACE)) return undefined;
    const failure = {
      code: 'site-silent',
      message: 'The site has told nothing of the end of this update; it was given up',
      hint: SERVER_ERRORS['site-silent'],
    };
    return this.#end(update, 'given-up', events, { components: [], failure });
  }

  #end(
    update: UpdateRecord,
    event: 'called-off' | 'deadline-passed' | 'given-up',
    events: LiveEvent[],
    result: UpdateResult | undefined = update.result,
  ): UpdateRecord | undefined {
    const { stores, clock } = this.#parts;
    const state = nextState(update.state, event);
    if (state === undefined) return undefined;
    const ended: UpdateRecord = { ...update, state, result, finishedAt: clock.now() };
    stores.updates.save(ended);
    withdrawRequests(stores, update.id, clock.now());
    events.push({ type: 'finished', updateId: update.id, update: ended });
    return ended;
  }

  #requestCancellation(update: UpdateRecord): UpdateRecord {
    if (update.cancelRequested) return update;
    const { stores, clock, entropy } = this.#parts;
    const orderedAt = clock.now();
    const expiresAt = after(orderedAt, CANCELLATION_LIFETIME);
    const marked = { ...update, cancelRequested: true };
    stores.updates.save(marked);
    const { intermediary, deviceId: target } = update;
    const subject = { kind: 'CancelUpdate', updateId: update.id } as const;
    const id = randomId(entropy);
    stores.requests.add(newRequest(subject, { id, intermediary, target, orderedAt, expiresAt }));
    return marked;
  }
}
