import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';

/** Something that goes up on the site's own accord. */
export type Delivery = Pick<uplink.Deliver, 'deliveryId' | 'deviceId' | 'body'>;

/**
 * One delivery to the node above; resolves when it has answered.
 *
 * @throws PosternError `delivery-refused` when it will not have it, or a transport's code
 */
export type DeliverExchange = (
  delivery: uplink.Deliver,
  signal: AbortSignal,
) => Promise<uplink.DeliverResponse>;

/** Deliveries that wait, durable on return. */
export interface DeliveryStore {
  /** Adds a delivery behind the others; false when it waits already. */
  add(delivery: Delivery): boolean;
  first(): Delivery | undefined;
  has(deliveryId: string): boolean;
  count(): number;
  remove(deliveryId: string): void;
  /** Puts a delivery behind the others. */
  putLast(deliveryId: string): void;
}

export interface DeliveriesOptions {
  readonly store: DeliveryStore;
  /** This intermediary's name. */
  readonly name: string;
  readonly most: number;
  readonly logger: Logger;
  /** The node above has this one, or it was given up: nothing waits for it any more. */
  readonly onSettled: (deliveryId: string) => void;
}

/** A delivery that was refused so often is given up; in between the others have their turn. */
const MOST_REFUSALS = 5;

/**
 * What goes up unasked: one after the other in the order in which it came, again until it is answered.
 *
 * @spec I4
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #refusals = new Map<string, number>();

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  get waiting(): boolean {
    return this.#options.store.count() > 0;
  }

  /** The delivery whose turn it is. */
  next(): uplink.Deliver | undefined {
    const delivery = this.#options.store.first();
    return delivery && { ...delivery, route: { node: [this.#options.name] } };
  }

  /** The node above has answered. */
  answered(deliveryId: string): void {
    this.#options.store.remove(deliveryId);
    this.#refusals.delete(deliveryId);
    this.#options.onSettled(deliveryId);
  }

  /** The node above would not have it: it may know the device only later. */
  refused(deliveryId: string, reason: string): void {
    const { store, logger } = this.#options;
    const refusals = (this.#refusals.get(deliveryId) ?? 0) + 1;
    this.#refusals.set(deliveryId, refusals);
    if (refusals < MOST_REFUSALS) {
      store.putLast(deliveryId);
      return;
    }
    logger.error('The server refuses a delivery; it is given up', { delivery: deliveryId, reason });
    this.answered(deliveryId);
  }

  /** Drops the oldest ones beyond the limit: a server that stays away must not fill the disk. */
  limit(): void {
    const { store, most, logger } = this.#options;
    for (let over = store.count() - most; over > 0; over--) {
      const oldest = store.first();
      if (oldest === undefined) return;
      logger.error('Too many deliveries wait for the server; the oldest is given up', {
        delivery: oldest.deliveryId,
      });
      this.answered(oldest.deliveryId);
    }
  }

  /** Without a node above: what waits has nowhere to go. */
  settleAll(): void {
    for (let next = this.next(); next !== undefined; next = this.next()) this.answered(next.deliveryId);
  }
}
