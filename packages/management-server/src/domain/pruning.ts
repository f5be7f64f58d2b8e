import { type Clock, errorMessage, Hours, type Logger, type Timer } from '@postern/core';
import type { ServerConfig } from '../config.ts';
import type { Stores } from './ports.ts';

export interface PruningParts {
  readonly config: Pick<ServerConfig, 'limits'>;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PRUNE_EVERY = Hours(1);
/** Updates that sites bring up may come faster than the hour goes by. */
const PRUNE_AFTER = 256;

/** Drops what is beyond the limits: at the start, every hour, and after so many updates that nobody ordered here. */
export class Pruning {
  readonly #parts: PruningParts;
  #timer: Timer | undefined;
  #added = 0;

  constructor(parts: PruningParts) {
    this.#parts = parts;
    this.#prune();
  }

  /** A site has brought up an update. */
  countOne(): void {
    this.#added += 1;
    if (this.#added >= PRUNE_AFTER) this.#prune();
  }

  end(): void {
    this.#timer?.cancel();
  }

  #prune(): void {
    const { stores, clock, logger, config } = this.#parts;
    const { finishedUpdates: updates, journals, finishedRequests } = config.limits;
    this.#timer?.cancel();
    this.#added = 0;
    try {
      stores.transaction(() => {
        stores.updates.prune({ updates, journals });
        stores.requests.prune(finishedRequests);
        stores.orders.prune();
      });
    } catch (error) {
      logger.error('Old updates and requests could not be removed', { error: errorMessage(error) });
    }
    this.#timer = clock.schedule(PRUNE_EVERY, () => this.#prune(), { background: true });
  }
}
