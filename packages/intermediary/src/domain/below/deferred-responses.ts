import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { nextCallState } from './call-life.ts';
import type { Calls } from './calls.ts';
import type { Said, SaidStore } from './ports.ts';

export interface DeferredResponsesOptions {
  readonly store: SaidStore;
  readonly calls: Calls;
  /** The node above may stop sending it. */
  readonly acknowledge: (deliveryId: string) => void;
  readonly logger: Logger;
}

/** What one poll answer carries. */
const MOST_IN_ONE = 256;

/**
 * Later answers on their way down: stored before they are acknowledged, then shown at the device, or passed on to the
 * intermediary below that brought the call.
 *
 * @spec R4
 */
export class DeferredResponses {
  readonly #options: DeferredResponsesOptions;
  readonly #listeners = new Set<(child: string) => void>();

  constructor(options: DeferredResponsesOptions) {
    this.#options = options;
  }

  /** Takes what came with the answer to a poll. What belongs to nothing known is acknowledged and forgotten. */
  take(responses: readonly uplink.DeferredResponse[]): void {
    const { store, calls, acknowledge, logger } = this.#options;
    for (const { deliveryId, deviceId, answer } of responses) {
      if (store.find(deliveryId)?.deviceId === deviceId) calls.answered(deliveryId, answer);
      else
        logger.warn('An answer came to a call that is not known', { delivery: deliveryId, device: deviceId });
      acknowledge(deliveryId);
    }
  }

  /** What waits for an intermediary below: it goes with every answer to its polls until it says that it has it. */
  forChild(child: string): readonly uplink.DeferredResponse[] {
    return this.#options.store
      .findIn('late')
      .flatMap(({ below, deliveryId, deviceId, answer }) =>
        below === child && answer !== undefined
          ? [{ deliveryId, deviceId, answer: { inReplyTo: deliveryId, ...answer } }]
          : [],
      )
      .slice(0, MOST_IN_ONE);
  }

  /** The intermediary below has these; identifiers of anything else change nothing. */
  receivedBy(child: string, deliveryIds: readonly string[]): void {
    const { store } = this.#options;
    for (const deliveryId of deliveryIds) {
      const said = store.find(deliveryId);
      const state = said?.below === child ? nextCallState(said.state, 'shown') : undefined;
      if (said !== undefined && state !== undefined) store.save({ ...said, state });
    }
  }

  /** Calls `listener` with an intermediary below whenever something has come to wait for it. */
  onWaiting(listener: (child: string) => void): void {
    this.#listeners.add(listener);
  }

  /** An answer has come that an intermediary below is to have. */
  tell({ below }: Pick<Said, 'below'>): void {
    if (below !== undefined) for (const listener of this.#listeners) listener(below);
  }
}
