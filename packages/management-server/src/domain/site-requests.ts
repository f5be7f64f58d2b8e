import {
  after,
  type Clock,
  type Entropy,
  Instant,
  type Logger,
  Minutes,
  randomId,
  Seconds,
} from '@postern/core';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';
import type { RequestRecord } from './records.ts';
import { checkImages, type ImageInventory } from './register-software.ts';
import { newRequest } from './requests.ts';
import type { VendorKeys } from './vendor-keys.ts';
import { type WaitingSites, waitingOf } from './waiting-sites.ts';

export interface SiteRequestsParts {
  readonly stores: Stores;
  readonly images: ImageInventory;
  readonly vendorKeys: VendorKeys;
  readonly waiting: WaitingSites;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Whether the intermediary has ever called. */
  readonly isKnown: (intermediary: string) => boolean;
  /** Requests about no update that one intermediary has not answered. */
  readonly mostOpen: number;
}

/** Software that is to be brought to a site. */
export interface SoftwareFetch {
  readonly intermediary: string;
  readonly softwareId: string;
  readonly deadlineSeconds: number;
}

/** How long after its deadline an answer may still come before a request counts as lost. */
const ANSWER_GRACE = Minutes(15);

/** Requests to intermediaries that are about no update. */
export class SiteRequests {
  readonly #parts: SiteRequestsParts;

  constructor(parts: SiteRequestsParts) {
    this.#parts = parts;
  }

  /**
   * Orders that a site fetches software ahead of any update: durable when it returns, and on its way if the
   * intermediary's poll is held. While an earlier order of the same has not ended, that one is given.
   *
   * @throws PosternError `intermediary-unknown`, `software-unknown`, `manifest-expired`, `manifest-signature-invalid`,
   *   `too-many-requests`, those of {@link checkImages}
   * @spec I5 R1
   */
  async fetchSoftware(
    fetch: SoftwareFetch,
  ): Promise<{ readonly request: RequestRecord; readonly created: boolean }> {
    const { stores, images, vendorKeys, waiting, clock, logger, isKnown } = this.#parts;
    const { intermediary, softwareId } = fetch;
    if (!isKnown(intermediary)) {
      throw serverError('intermediary-unknown', `No intermediary ${intermediary} has called`);
    }
    const software = stores.software.find(softwareId);
    if (software === undefined) {
      throw serverError('software-unknown', `No software ${softwareId} is registered`);
    }
    await checkImages(software.manifest, images);
    vendorKeys.confirm(software);
    const result = stores.transaction(() => {
      const present = stores.requests.findFetch(intermediary, softwareId);
      if (present !== undefined && clock.now() < after(present.expiresAt, ANSWER_GRACE)) {
        return { request: present, created: false };
      }
      return { request: this.#add(fetch), created: true };
    });
    if (result.created) {
      logger.info('software sent to site', {
        request: result.request.id,
        intermediary,
        software: softwareId,
      });
      waiting.set(intermediary, waitingOf(stores, intermediary));
    }
    return result;
  }

  /** @throws PosternError `request-unknown` */
  find(id: string): RequestRecord {
    const request = this.#parts.stores.requests.find(id);
    // The request of an update is seen as that update.
    if (request !== undefined && request.kind === 'FetchSoftware') return request;
    throw serverError('request-unknown', `There is no request ${id}`);
  }

  /** Ends what was never answered, and forgets the oldest beyond `keep`. */
  prune(keep: number): void {
    const { stores, clock } = this.#parts;
    stores.requests.prune(Instant(clock.now() - ANSWER_GRACE), keep);
  }

  #add({ intermediary, softwareId, deadlineSeconds }: SoftwareFetch): RequestRecord {
    const { stores, clock, entropy, mostOpen } = this.#parts;
    if (stores.requests.countOpen(intermediary) >= mostOpen) {
      throw serverError('too-many-requests', `${intermediary} has not answered ${mostOpen} requests`);
    }
    const orderedAt = clock.now();
    const request = newRequest(
      { kind: 'FetchSoftware', softwareId },
      {
        id: randomId(entropy),
        intermediary,
        target: intermediary,
        orderedAt,
        expiresAt: after(orderedAt, Seconds(deadlineSeconds)),
      },
    );
    stores.requests.add(request);
    return request;
  }
}
