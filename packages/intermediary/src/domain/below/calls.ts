import type { StepObserver } from '@postern/contracts';
import { type Clock, type Duration, stoppedWithin, throwIfCancelled } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { Deliveries } from '../uplink/deliveries.ts';
import type { Delivery, DeliveryStore } from '../uplink/delivery-store.ts';
import { type CallEvent, nextCallState } from './call-life.ts';
import { contentOf } from './delivery-identity.ts';
import type { Reply, Said, SaidStore } from './ports.ts';

export interface CallsOptions {
  readonly store: SaidStore;
  readonly deliveries: Deliveries;
  readonly queue: Pick<DeliveryStore, 'markAnswered'>;
  /** Something waits to go up. */
  readonly onWaiting: () => void;
  /** An answer has come that nobody waits for any more. */
  readonly onLate: (said: Said) => void;
  /** This intermediary's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly onStep?: StepObserver | undefined;
}

/** Something that is said, and how its teller is answered. */
export interface Saying {
  readonly delivery: Delivery;
  /** The device's own identifier of it. */
  readonly ownId: string;
  /** The intermediary below that brings it. */
  readonly below?: string;
}

/** How long whoever brought a call waits for its answer, and what he is told then. */
export interface Patience {
  readonly limit: Duration;
  readonly whenSilent: Reply;
}

/** Of each device so much is remembered that has ended, and so much that has not. */
const REMEMBERED = 64;

const TAKEN: Reply = { outcome: 'succeeded', text: 'noted' };
const GIVEN_UP: Reply = { outcome: 'failed', text: 'The call did not reach anybody' };

/**
 * What devices say on their own accord, from its arrival until they have their answer. What is repeated is one delivery
 * and gets the same answer, also from another process than the one that took it.
 *
 * @spec R3 R4 R6 R7
 */
export class Calls {
  readonly #options: CallsOptions;
  readonly #waiters = new Map<string, Set<(reply: Reply) => void>>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** After a restart nobody waits any more: the calls on their way up are missed calls. */
  recover(): void {
    const { store, queue } = this.#options;
    for (const { deliveryId, below } of store.findIn('waiting')) {
      if (below === undefined) queue.markAnswered(deliveryId, 'failed');
    }
  }

  /**
   * Takes something that needs no answer; durable when it returns.
   *
   * @throws PosternError `delivery-reused`
   */
  note(saying: Saying): Reply {
    return this.#known(saying)?.told ?? this.#add(saying, 'answered', TAKEN);
  }

  /**
   * Takes a call and waits for its answer.
   *
   * @throws PosternError `delivery-reused`, `cancelled` when the signal aborts: whoever brought it has gone
   */
  async answer(saying: Saying, patience: Patience, signal: AbortSignal): Promise<Reply> {
    const reply = await this.#answer(saying, patience, signal);
    this.#step(saying, reply);
    return reply;
  }

  /** The node above has answered, with the delivery or later (R4). The first answer wins. */
  answered(deliveryId: string, { outcome, text }: Reply): void {
    const { store, onLate } = this.#options;
    const said = store.find(deliveryId);
    if (said === undefined) return;
    const reply = { outcome, text };
    const heard = this.#waiters.has(deliveryId);
    if (outcome === 'pending') {
      const told = said.told ?? (heard ? reply : undefined);
      if (this.#change({ ...said, told }, 'delayed') !== undefined && heard) this.#wake(deliveryId, reply);
      return;
    }
    const inTime = heard && said.state === 'waiting';
    const end = inTime ? { told: reply } : { answer: reply };
    const changed = this.#change({ ...said, ...end }, inTime ? 'answered' : 'answered-unheard');
    if (changed === undefined) return;
    if (inTime) this.#wake(deliveryId, reply);
    else onLate(changed);
  }

  /** It is on no way up any more. */
  givenUp(deliveryId: string): void {
    const { store } = this.#options;
    const said = store.find(deliveryId);
    if (said === undefined) return;
    const told = said.told ?? GIVEN_UP;
    if (this.#change({ ...said, told }, 'given-up') !== undefined) this.#wake(deliveryId, told);
  }

  async #answer(saying: Saying, { limit, whenSilent }: Patience, signal: AbortSignal): Promise<Reply> {
    const { store, queue } = this.#options;
    const { deliveryId, answeredAs } = saying.delivery;
    const known = this.#known(saying);
    if (known?.told !== undefined) return known.told;
    if (known?.answer !== undefined) return this.#tell(known, 'asked-again', known.answer);
    if (known === undefined) this.#add(saying, 'waiting', undefined);
    else if (answeredAs !== undefined) queue.markAnswered(deliveryId, answeredAs);
    const heard = await this.#wait(deliveryId, limit, signal);
    if (heard !== undefined) return heard;
    const said = store.find(deliveryId);
    if (said?.told !== undefined) return said.told;
    const missed = saying.below === undefined && !this.#waiters.has(deliveryId);
    if (missed) queue.markAnswered(deliveryId, 'failed');
    throwIfCancelled(signal);
    return said === undefined ? whenSilent : this.#tell(said, 'timed-out', whenSilent);
  }

  /** S706, or S709 where the answer is not one from above. */
  #step({ delivery: { deliveryId }, ownId, below }: Saying, { outcome }: Reply): void {
    const { store, name, onStep } = this.#options;
    if (below !== undefined || onStep === undefined) return;
    const answeredAbove = outcome !== 'failed' || store.find(deliveryId)?.state === 'answered';
    onStep({ step: answeredAbove ? 'S706' : 'S709', node: name, subject: ownId });
  }

  /** @throws PosternError `delivery-reused` */
  #known({ delivery }: Saying): Said | undefined {
    const known = this.#options.store.find(delivery.deliveryId);
    if (known === undefined || known.content === contentOf(delivery)) return known;
    throw intermediaryError(
      'delivery-reused',
      `${delivery.deviceId} has said something else under this identifier`,
    );
  }

  #add({ delivery, ownId, below }: Saying, state: Said['state'], told: Reply | undefined): Reply {
    const { store, deliveries, clock, onWaiting } = this.#options;
    const { deliveryId, deviceId, body } = delivery;
    const facts = { deliveryId, deviceId, kind: body.kind, ownId, below, content: contentOf(delivery) };
    store.transaction(() => {
      store.add({ ...facts, state, at: clock.now(), told, answer: undefined }, REMEMBERED);
      deliveries.add(delivery);
    });
    deliveries.limit();
    onWaiting();
    if (state === 'waiting') deliveries.hurry();
    return told ?? GIVEN_UP;
  }

  #tell(said: Said, event: CallEvent, told: Reply): Reply {
    this.#change({ ...said, told }, event);
    return told;
  }

  #change(said: Said, event: CallEvent): Said | undefined {
    const state = nextCallState(said.state, event);
    if (state === undefined) return undefined;
    const changed = { ...said, state };
    this.#options.store.save(changed);
    return changed;
  }

  #wake(deliveryId: string, reply: Reply): void {
    for (const hear of this.#waiters.get(deliveryId) ?? []) hear(reply);
  }

  /** @returns undefined when nothing was heard within the limit, or the signal aborted */
  async #wait(deliveryId: string, limit: Duration, signal: AbortSignal): Promise<Reply | undefined> {
    const over = new AbortController();
    const leave = (): void => over.abort();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    let heard: Reply | undefined;
    const hear = (reply: Reply): void => {
      heard = reply;
      leave();
    };
    const waiters = this.#waiters.get(deliveryId) ?? new Set();
    this.#waiters.set(deliveryId, waiters.add(hear));
    try {
      await stoppedWithin(this.#options.clock, limit, over.signal);
    } finally {
      signal.removeEventListener('abort', leave);
      waiters.delete(hear);
      if (waiters.size === 0) this.#waiters.delete(deliveryId);
    }
    return heard;
  }
}
