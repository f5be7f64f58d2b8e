import { after, type Clock, type Entropy, type Logger, randomId, Seconds } from '@postern/core';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';
import type { RequestRecord } from './records.ts';
import { checkImages, type ImageInventory } from './register-software.ts';
import type { RequestExpiry } from './requests/request-expiry.ts';
import { newRequest } from './requests.ts';
import type { VendorKeys } from './vendor-keys.ts';
import { type WaitingSites, waitingOf } from './waiting-sites.ts';

export interface SiteRequestsParts {
  readonly stores: Stores;
  readonly images: ImageInventory;
  readonly vendorKeys: VendorKeys;
  readonly waiting: WaitingSites;
  readonly expiry: RequestExpiry;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** The intermediary that polls for this one, which may be itself; undefined when there is none of this name. */
  readonly pollsFor: (intermediary: string) => string | undefined;
  /** Requests about no update that one intermediary has not answered. */
  readonly mostOpen: number;
}

/** Software that is to be brought to a site. */
export interface SoftwareFetch {
  readonly intermediary: string;
  readonly softwareId: string;
  readonly deadlineSeconds: number;
}

/** Software that is brought to sites ahead of any update: the one request that an operator does not spell out himself. */
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
    const { stores, images, vendorKeys, waiting, expiry, logger, pollsFor } = this.#parts;
    const { intermediary: target, softwareId } = fetch;
    const intermediary = pollsFor(target);
    if (intermediary === undefined) {
      throw serverError('intermediary-unknown', `No intermediary ${target} has called`);
    }
    const software = stores.software.find(softwareId);
    if (software === undefined) {
      throw serverError('software-unknown', `No software ${softwareId} is registered`);
    }
    await checkImages(software.manifest, images);
    vendorKeys.confirm(software);
    expiry.expireDue();
    const result = stores.transaction(() => {
      const present = stores.requests.findFetch(target, softwareId);
      if (present !== undefined) return { request: present, created: false };
      return { request: this.#add(fetch, intermediary), created: true };
    });
    if (result.created) {
      logger.info('software sent to site', {
        request: result.request.id,
        intermediary: target,
        software: softwareId,
      });
      expiry.add(result.request.expiresAt);
      waiting.set(intermediary, waitingOf(stores, intermediary));
    }
    return result;
  }

  #add(
    { intermediary: target, softwareId, deadlineSeconds }: SoftwareFetch,
    intermediary: string,
  ): RequestRecord {
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
        target,
        orderedAt,
        expiresAt: after(orderedAt, Seconds(deadlineSeconds)),
      },
    );
    stores.requests.add(request);
    return request;
  }
}
