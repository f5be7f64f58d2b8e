import type { StepObserver, uplink } from '@postern/contracts';
import { type Clock, type Entropy, errorCode, errorMessage, type Logger, randomId } from '@postern/core';
import type { Delivery, DeliveryStore } from './delivery-store.ts';
import { reportOnDropped } from './dropped-report.ts';
import { MOST_EXCHANGE_BYTES, sizeOfDelivery } from './wire-size.ts';

/**
 * One delivery to the node above; resolves when it has answered.
 *
 * @throws PosternError `delivery-refused` when it will not have it, `server-busy` when it will not have it now, or a
 *   transport's code
 */
export type DeliverExchange = (
  delivery: uplink.Deliver,
  signal: AbortSignal,
) => Promise<uplink.DeliverResponse>;

export interface DeliveriesOptions {
  readonly store: DeliveryStore;
  /** This intermediary's name. */
  readonly name: string;
  readonly most: number;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** The node above has this one, or it was given up: nothing waits for it any more. */
  readonly onSettled: (deliveryId: string) => void;
  /** What the node above answered. */
  readonly onAnswer?: (deliveryId: string, answer: uplink.DeliverResponse) => void;
  /** It will never be answered. */
  readonly onGivenUp?: (deliveryId: string) => void;
  readonly onStep?: StepObserver | undefined;
}

/** A delivery that was refused so often is given up; in between the others have their turn. */
const MOST_REFUSALS = 5;

/**
 * What goes up unasked: one after the other in the order in which it came, again until it is answered. What is given up
 * is counted, and the count goes up before everything else.
 *
 * @spec R3 I4
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #refusals = new Map<string, number>();
  readonly #sent = new Set<string>();
  #hurried: (() => void) | undefined;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  get waiting(): boolean {
    return this.#options.store.count() > 0 || this.owesReport;
  }

  /** Something was dropped, and no report on it waits yet. */
  get owesReport(): boolean {
    const { store } = this.#options;
    return store.getDropped().length > 0 && !store.hasReport();
  }

  /** Adds a delivery behind the others. Whoever adds it in a transaction calls {@link limit} and wakes the loop after it. */
  add(delivery: Delivery): void {
    this.#options.store.add(delivery);
  }

  /** The delivery whose turn it is; one that the node above could never take is given up. Called when the node above is thought to answer. */
  next(): uplink.Deliver | undefined {
    const { store, name, clock, entropy, logger } = this.#options;
    if (this.owesReport) {
      const parts = { name, dropped: store.getDropped(), noticeId: randomId(entropy), at: clock.now() };
      store.addReport(reportOnDropped(parts));
    }
    for (let delivery = store.first(); delivery !== undefined; delivery = store.first()) {
      const told = { ...delivery, route: { node: [...(delivery.route ?? []), name] } };
      if (sizeOfDelivery(told) <= MOST_EXCHANGE_BYTES) return told;
      logger.error('A delivery is too large for the uplink; it is given up', {
        delivery: delivery.deliveryId,
        kind: delivery.body.kind,
        most: MOST_EXCHANGE_BYTES,
      });
      this.#giveUp(delivery);
    }
    return undefined;
  }

  /** The delivery goes up now. */
  sending({ deliveryId, body }: uplink.Deliver): void {
    const { onStep, name } = this.#options;
    if (body.kind !== 'UserCall' || this.#sent.has(deliveryId)) return;
    this.#sent.add(deliveryId);
    onStep?.({ step: 'S704', node: name, subject: body.value.callId });
  }

  /** The node above has answered. */
  answered(deliveryId: string, answer: uplink.DeliverResponse): void {
    this.#options.store.remove(deliveryId);
    this.#settle(deliveryId);
    this.#options.onAnswer?.(deliveryId, answer);
  }

  /** The node above would not have it: it may know the device only later. */
  refused(deliveryId: string, error: unknown): void {
    const { store, logger } = this.#options;
    if (!store.has(deliveryId)) return;
    if (errorCode(error, '') === 'server-busy') {
      store.putLast(deliveryId);
      return;
    }
    const refusals = (this.#refusals.get(deliveryId) ?? 0) + 1;
    this.#refusals.set(deliveryId, refusals);
    const delivery = store.first();
    if (refusals < MOST_REFUSALS || delivery?.deliveryId !== deliveryId) {
      store.putLast(deliveryId);
      return;
    }
    logger.error('The server refuses a delivery; it is given up', {
      delivery: deliveryId,
      reason: errorMessage(error),
    });
    this.#giveUp(delivery);
  }

  /** Drops the oldest ones beyond the limit: a server that stays away must not fill the disk. */
  limit(): void {
    const { store, most, logger } = this.#options;
    for (let over = store.count() - most; over > 0; over--) {
      const oldest = store.findOldest();
      if (oldest === undefined) return;
      logger.error('Too many deliveries wait for the server; the oldest is given up', {
        delivery: oldest.deliveryId,
      });
      this.#giveUp(oldest);
    }
  }

  /** Without a node above: what waits has nowhere to go. */
  settleAll(): void {
    const { store } = this.#options;
    for (let next = store.first(); next !== undefined; next = store.first()) {
      store.remove(next.deliveryId);
      this.#settle(next.deliveryId);
    }
  }

  /** Somebody waits at a device: a pause for a silent server is not waited for. */
  hurry(): void {
    this.#hurried?.();
  }

  /** Resolves when somebody begins to wait, or when the signal aborts; one waiter at a time. */
  untilHurried(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const leave = (): void => {
        signal.removeEventListener('abort', leave);
        this.#hurried = undefined;
        resolve();
      };
      this.#hurried = leave;
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** A report that nobody wants is not reported on. */
  #giveUp(delivery: Delivery): void {
    const { store, clock, name, onGivenUp } = this.#options;
    const { deliveryId, deviceId, body } = delivery;
    if (deviceId === name && body.kind === 'NotifyAbnormality') store.remove(deliveryId);
    else store.drop(delivery, clock.now());
    this.#settle(deliveryId);
    onGivenUp?.(deliveryId);
  }

  #settle(deliveryId: string): void {
    this.#refusals.delete(deliveryId);
    this.#sent.delete(deliveryId);
    this.#options.onSettled(deliveryId);
  }
}
