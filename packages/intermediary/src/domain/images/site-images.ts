import type { Clock } from '@postern/core';
import type { ImageSource, TransferProgress } from '@postern/software-update';
import type { DownloadImage, ImageFiles } from './ports.ts';
import { receiveImage } from './receive-image.ts';
import { SharedWork } from './shared-work.ts';

export interface SiteImagesOptions {
  readonly store: ImageFiles;
  readonly download: DownloadImage;
  readonly clock: Clock;
  /** Digests of the images that open updates may still send: these never give way. */
  readonly needed: () => ReadonlySet<string>;
}

/** The images of a site: each crosses the uplink once, however many devices want it. */
export interface SiteImages {
  /** The site's images for one update. */
  sourceFor(onProgress: (progress: TransferProgress) => void): ImageSource;
}

/** @spec X5 */
export const siteImages = (options: SiteImagesOptions): SiteImages => {
  const { store } = options;
  const fetches = new SharedWork<number>();
  const context = { ...options, alone: oneAtATime() };

  return {
    sourceFor: (onProgress) => ({
      prepare: async (manifest, signal) => {
        const totalBytes = manifest.components.reduce((sum, { length }) => sum + length, 0);
        let before = 0;
        let fetched = 0;
        for (const { sha256, length } of manifest.components) {
          if (!(await store.has(sha256))) {
            const done = before;
            const tell = (held: number): void => onProgress({ doneBytes: done + held, totalBytes });
            const { result, first } = await fetches.join(sha256, tell, signal, (onBytes, shared) =>
              receiveImage(context, { sha256, length }, onBytes, shared),
            );
            if (first) fetched += result;
          }
          before += length;
        }
        return fetched === 0 ? 'held at the site' : `${fetched} bytes of ${totalBytes} over the uplink`;
      },
      open: (sha256, offset) => readImage(store, sha256, offset),
    }),
  };
};

async function* readImage(store: ImageFiles, sha256: string, offset: number): AsyncGenerator<Uint8Array> {
  yield* await store.openRead(sha256, { start: offset });
}

/** Runs pieces of work one after the other. */
const oneAtATime = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
};
