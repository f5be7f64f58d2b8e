import { type Clock, errorCode, type Logger, Seconds, sleep, stoppedWithin } from '@postern/core';
import type { ReadableImage } from '@postern/soap-rpc';
import { updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { ImageFiles } from '../images/ports.ts';
import type { SiteImage } from '../images/receive-image.ts';
import type { SiteImages } from '../images/site-images.ts';
import type { PassingStore } from './ports.ts';

export interface ImagesBelowOptions {
  readonly passing: Pick<PassingStore, 'image'>;
  readonly images: Pick<SiteImages, 'has' | 'bringOne'>;
  readonly files: Pick<ImageFiles, 'openRead'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whoever asks is answered within this; well below the time after which it takes the connection for stalled. */
const ANSWERED_WITHIN = Seconds(20);
/** Between two attempts to fetch an image for those below. */
const PAUSE = Seconds(10);

/** Fetching again would not help. */
const FINAL: readonly string[] = ['image-missing', 'digest-mismatch', 'too-long'];

/**
 * Images for those below. An intermediary can read one only while a request names it that has gone to this intermediary
 * below, or through it, and is not answered. Each is fetched once, when somebody first asks for it, and goes on being
 * fetched as long as such a request is open.
 *
 * @spec T2
 */
export class ImagesBelow {
  readonly #options: ImagesBelowOptions;
  readonly #works = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: ImagesBelowOptions) {
    this.#options = options;
  }

  /**
   * @param signal aborts when the caller has gone
   * @throws PosternError `image-missing` as if there were none; `image-not-ready` while it is on its way here
   */
  async find(child: string, sha256: string, signal: AbortSignal): Promise<ReadableImage> {
    const { passing, images, files, clock } = this.#options;
    const image = passing.image(sha256, child);
    if (image === undefined) throw missing(sha256);
    if (!(await images.has(sha256))) {
      const work = this.#works.get(sha256) ?? this.#begin(image);
      const over = new AbortController();
      const patience = AbortSignal.any([signal, this.#closing.signal, over.signal]);
      await Promise.race([work, stoppedWithin(clock, ANSWERED_WITHIN, patience)]).finally(() => over.abort());
      if (!(await images.has(sha256))) {
        throw intermediaryError('image-not-ready', `The image ${sha256} is on its way here`);
      }
    }
    return { length: image.length, open: (range) => files.openRead(sha256, range) };
  }

  /** Stops; what has arrived stays, and is gone on with. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#works.values()].map((work) => work.catch(() => {})));
  }

  #begin(image: SiteImage): Promise<void> {
    const work = this.#fetch(image).finally(() => this.#works.delete(image.sha256));
    // Nobody may wait for it any more when it fails.
    work.catch(() => {});
    this.#works.set(image.sha256, work);
    return work;
  }

  async #fetch(image: SiteImage): Promise<void> {
    const { passing, images, clock, logger } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted && passing.image(image.sha256) !== undefined) {
      try {
        await images.bringOne(image, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const code = errorCode(error, 'internal-error');
        logger.warn('An image for those below could not be fetched', { sha256: image.sha256, code });
        if (FINAL.includes(code)) throw error;
        await sleep(clock, PAUSE, signal).catch(() => {});
      }
    }
  }
}

const missing = (sha256: string) =>
  updateError('image-missing', `There is no image ${sha256} for this intermediary`);
