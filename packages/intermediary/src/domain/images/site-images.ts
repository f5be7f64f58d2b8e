import type { Clock } from '@postern/core';
import type { ImageSource, SoftwareManifest, TransferProgress } from '@postern/software-update';
import type { DownloadImage, ImageFiles } from './ports.ts';
import { receiveImage, type SiteImage } from './receive-image.ts';
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
  /**
   * Sees to it that all images of a manifest are held here.
   *
   * @returns bytes that came over the uplink
   * @throws as {@link ImageSource.prepare}
   */
  bring(
    manifest: SoftwareManifest,
    onProgress: (progress: TransferProgress) => void,
    signal: AbortSignal,
  ): Promise<number>;
  /** {@link bring} for one image. */
  bringOne(image: SiteImage, signal: AbortSignal): Promise<void>;
  has(sha256: string): Promise<boolean>;
  /**
   * Takes an image that somebody brings; reads nothing of it when it is here already.
   *
   * @throws PosternError `storage-full`, `digest-mismatch`, `too-long`, or what reading throws
   */
  take(image: SiteImage, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** The site's images for one update. */
  sourceFor(onProgress: (progress: TransferProgress) => void): ImageSource;
}

/** @spec X5 */
export const siteImages = (options: SiteImagesOptions): SiteImages => {
  const { store } = options;
  const fetches = new SharedWork<number>();
  const context = { ...options, alone: oneAtATime() };

  const fetchOne = ({ sha256, length }: SiteImage, tell: (held: number) => void, signal: AbortSignal) =>
    fetches.join(sha256, tell, signal, (onBytes, shared) =>
      receiveImage(context, { sha256, length }, onBytes, shared),
    );

  const bring: SiteImages['bring'] = async (manifest, onProgress, signal) => {
    const totalBytes = bytesOf(manifest);
    let before = 0;
    let fetched = 0;
    for (const { sha256, length } of manifest.components) {
      if (!(await store.has(sha256))) {
        const done = before;
        const tell = (held: number): void => onProgress({ doneBytes: done + held, totalBytes });
        const { result, first } = await fetchOne({ sha256, length }, tell, signal);
        if (first) fetched += result;
      }
      before += length;
    }
    return fetched;
  };

  return {
    bring,
    bringOne: async (image, signal) => {
      if (!(await store.has(image.sha256))) await fetchOne(image, () => {}, signal);
    },
    has: (sha256) => store.has(sha256),
    take: async (image, content, signal) => {
      if (await store.has(image.sha256)) return;
      const brought = { ...context, download: async () => ({ offset: 0, content }) };
      await fetches.join(
        image.sha256,
        () => {},
        signal,
        (onBytes, shared) => receiveImage(brought, image, onBytes, shared),
      );
    },
    sourceFor: (onProgress) => ({
      prepare: async (manifest, signal) => {
        const fetched = await bring(manifest, onProgress, signal);
        return fetched === 0
          ? 'held at the site'
          : `${fetched} bytes of ${bytesOf(manifest)} over the uplink`;
      },
      open: (sha256, offset) => readImage(store, sha256, offset),
    }),
  };
};

const bytesOf = ({ components }: SoftwareManifest): number =>
  components.reduce((sum, { length }) => sum + length, 0);

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
