import type { uplink } from '@postern/contracts';
import {
  between,
  type Clock,
  errorCode,
  type Logger,
  Milliseconds,
  Minutes,
  Seconds,
  sleep,
  withDeadline,
} from '@postern/core';
import { type TransferProgress, updateError } from '@postern/software-update';
import type { SiteImages } from '../images/site-images.ts';
import type { RequestFacts, RequestStore } from '../requests/ports.ts';
import { Slots } from '../slots.ts';
import { wireFailure } from '../wire-text.ts';
import type { ShelfFetch, ShelfStore } from './ports.ts';
import type { Shelf } from './shelf.ts';

export interface FetchSoftwareOptions {
  readonly shelf: Shelf;
  readonly store: ShelfStore;
  readonly requests: RequestStore;
  readonly images: SiteImages;
  readonly onProgress: (requestId: string, progress: TransferProgress) => void;
  /** The answer is in the outbox. */
  readonly onAnswered: (requestId: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Releases fetched at a time; what they share crosses the uplink once anyway. */
const CONCURRENCY = 2;
const FIRST_PAUSE = Seconds(1);
const LONGEST_PAUSE = Minutes(1);

/** What another try may mend. */
const TRANSIENT: readonly string[] = ['unreachable', 'connection-lost', 'server-busy', 'image-busy'];

/**
 * Brings software to the shelf before anybody orders it (I2, I5). Images go on where they stopped, whatever happens to
 * connection and process, until the request expires.
 *
 * @spec I5 X6
 */
export class FetchSoftware {
  readonly #options: FetchSoftwareOptions;
  readonly #slots = new Slots(CONCURRENCY);
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: FetchSoftwareOptions) {
    this.#options = options;
  }

  /** Goes on with a stored request. */
  start(request: RequestFacts): void {
    const running = this.#answer(request).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Stops; what is unanswered goes on with the next process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  async #answer({ requestId, expiresAt }: RequestFacts): Promise<void> {
    const { store, clock, logger } = this.#options;
    try {
      const fetch = store.fetches().find((stored) => stored.requestId === requestId);
      if (fetch === undefined)
        throw updateError('internal-error', 'The request was stored without its content');
      const rest = Milliseconds(Math.max(between(clock.now(), expiresAt), 0));
      const fetchedBytes = await withDeadline(clock, rest, 'The request', this.#ending.signal, (signal) =>
        this.#slots.run(signal, () => this.#bring(fetch, signal)),
      );
      this.#settle(requestId, { kind: 'FetchSoftwareResponse', value: { fetchedBytes } }, fetch);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      logger.warn('Software could not be fetched', {
        request: requestId,
        code: errorCode(error, 'internal-error'),
      });
      this.#refuse(requestId, error);
    }
  }

  /** @returns bytes that came over the uplink in this process */
  async #bring({ requestId, manifest }: ShelfFetch, signal: AbortSignal): Promise<number> {
    const { images, clock, onProgress } = this.#options;
    for (let pause = FIRST_PAUSE; ; pause = Milliseconds(Math.min(pause * 2, LONGEST_PAUSE))) {
      try {
        return await images.bring(manifest, (progress) => onProgress(requestId, progress), signal);
      } catch (error) {
        if (!TRANSIENT.includes(errorCode(error, ''))) throw error;
        await sleep(clock, pause, signal);
      }
    }
  }

  #refuse(requestId: string, error: unknown): void {
    try {
      this.#settle(requestId, { kind: 'Failure', value: wireFailure(error) });
    } catch (failure) {
      this.#options.logger.error('An answer could not be stored', { request: requestId, error: failure });
    }
  }

  /** Shelf and outbox change together. */
  #settle(requestId: string, body: uplink.ResponseBody, fetched?: ShelfFetch): void {
    const { shelf, store, requests, clock, onAnswered } = this.#options;
    requests.transaction(() => {
      store.removeFetch(requestId);
      if (fetched !== undefined) shelf.put(fetched.signedManifest, fetched.manifest, 'server');
      requests.answer(requestId, clock.now(), body);
    });
    onAnswered(requestId);
  }
}

/** Software is not fetched without an uplink. @throws PosternError `image-missing` */
export const noDownload = async (): Promise<never> => {
  throw updateError('image-missing', 'This site works alone: what is not on its shelf is not to be had');
};
