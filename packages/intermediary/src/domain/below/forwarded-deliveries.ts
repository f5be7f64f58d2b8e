import type { uplink } from '@postern/contracts';
import { type Duration, Milliseconds, Seconds } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { Calls } from './calls.ts';
import type { Reply } from './ports.ts';

export interface ForwardedDeliveriesOptions {
  readonly calls: Calls;
  /** This intermediary's name. */
  readonly name: string;
  /** How long a device of this site waits for the answer to a call. */
  readonly answerWithin: Duration;
}

/** As many names as a route has at most; ours is still to come. */
const LONGEST_ROUTE = 16;
/** Those below wait as long, and have told their device before we answer them. */
const BEYOND = Seconds(2);

const LATER: Reply = { outcome: 'pending', text: 'The call is on its way; the answer follows' };

/**
 * What intermediaries below deliver: stored here before it is answered, then on its way up with what this site says
 * itself, in the order in which it came. A call waits for the answer from above; when that takes too long, the answer is
 * a delay notice, and the answer from above follows with a poll ({@link DeferredResponses.forChild}).
 *
 * @spec T2 R3
 */
export class ForwardedDeliveries {
  readonly #options: ForwardedDeliveriesOptions;

  constructor(options: ForwardedDeliveriesOptions) {
    this.#options = options;
  }

  /**
   * @param child the intermediary below, as its certificate says; that the device is one of its own was checked
   * @throws PosternError `not-authorised` where the route does not come from it, `route-loop`, `route-too-long`,
   *   `delivery-reused`
   */
  async deliver(
    child: string,
    { route, ...delivery }: uplink.Deliver,
    signal: AbortSignal,
  ): Promise<uplink.DeliverResponse> {
    const { calls, answerWithin } = this.#options;
    this.#checkRoute(child, route.node);
    const { deliveryId } = delivery;
    const saying = { delivery: { ...delivery, route: route.node }, ownId: ownIdOf(delivery), below: child };
    if (delivery.body.kind !== 'UserCall') return { inReplyTo: deliveryId, ...calls.note(saying) };
    const patience = { limit: Milliseconds(answerWithin + BEYOND), whenSilent: LATER };
    return { inReplyTo: deliveryId, ...(await calls.answer(saying, patience, signal)) };
  }

  #checkRoute(child: string, route: readonly string[]): void {
    const { name } = this.#options;
    if (route.at(-1) !== child) {
      throw intermediaryError('not-authorised', `The route of the delivery does not come from ${child}`);
    }
    if (route.includes(name) || new Set(route).size < route.length) {
      throw intermediaryError('route-loop', `The route of the delivery runs in a circle at ${name}`);
    }
    if (route.length >= LONGEST_ROUTE) {
      throw intermediaryError('route-too-long', `A route has ${LONGEST_ROUTE} names at most`);
    }
  }
}

/** For the steps that are told: the device's own identifier, where it has one. */
const ownIdOf = ({ deliveryId, body }: Pick<uplink.Deliver, 'deliveryId' | 'body'>): string =>
  body.kind === 'UserCall' ? body.value.callId : deliveryId;
