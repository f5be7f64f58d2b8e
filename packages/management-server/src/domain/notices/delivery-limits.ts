import { type Clock, FloodWatch, type Logger, type RateLimit, rateLimiter } from '@postern/core';
import { serverError } from '../../errors.ts';

/** How fast deliveries may come. */
export interface DeliveryRates {
  readonly perIntermediary: RateLimit;
  readonly perDevice: RateLimit;
}

export interface DeliveryLimitsParts extends DeliveryRates {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A flood begins. */
  readonly onFlood: (intermediary: string, subject: string) => void;
}

/**
 * Limits deliveries by the identity of the intermediary, and of the device as that intermediary names it: who floods holds
 * up nobody else. What is refused waits at the site.
 */
export class DeliveryLimits {
  readonly #parts: DeliveryLimitsParts;
  readonly #ofIntermediary: (key: string) => boolean;
  readonly #ofDevice: (key: string) => boolean;
  readonly #floods: FloodWatch;

  constructor(parts: DeliveryLimitsParts) {
    const { clock, logger, perIntermediary, perDevice } = parts;
    this.#parts = parts;
    this.#ofIntermediary = rateLimiter(clock, perIntermediary);
    this.#ofDevice = rateLimiter(clock, { mostKeys: 10_000, ...perDevice });
    this.#floods = new FloodWatch(clock, ({ key, refused }) =>
      logger.warn('A flood of deliveries is over', { from: key, refused }),
    );
  }

  /** @throws PosternError `too-many-notices` */
  admit(intermediary: string, deviceId: string): void {
    if (!this.#ofDevice(`${intermediary} ${deviceId}`)) throw this.#refusal(intermediary, deviceId);
    if (!this.#ofIntermediary(intermediary)) throw this.#refusal(intermediary, intermediary);
  }

  close(): void {
    this.#floods.close();
  }

  #refusal(intermediary: string, subject: string) {
    if (this.#floods.refused(`${intermediary} ${subject}`)) this.#parts.onFlood(intermediary, subject);
    return serverError('too-many-notices', `Too many deliveries of ${subject}`);
  }
}
