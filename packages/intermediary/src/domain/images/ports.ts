/** Part of an image on its way. */
export interface ImageDownload {
  /** Offset of the first byte; 0 when the node above would not go on from where it was asked to. */
  readonly offset: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Asks the node above for images.
 *
 * @throws PosternError `image-missing`, `digest-mismatch` when it has another length than the manifest says,
 *   `image-not-ready` when it is on its way there itself, or a transient code
 */
export type DownloadImage = (
  image: { readonly sha256: string; readonly length: number },
  offset: number,
  signal: AbortSignal,
) => Promise<ImageDownload>;

/** One image on its way into the files: `finish` after the last chunk, `abort` in every other case. */
export interface ImageReception {
  /** Bytes held, those of earlier attempts included. */
  readonly offset: number;
  /** @throws PosternError `length-mismatch`, `storage-full`, `storage-failed` */
  write(chunk: Uint8Array): Promise<void>;
  /** @throws PosternError `length-mismatch`, `digest-mismatch`, `storage-failed` */
  finish(): Promise<unknown>;
  abort(): Promise<void>;
}

/** Where a site keeps images: whole and verified under their SHA-256 digests. `@postern/storage` has one on disk. */
export interface ImageFiles {
  has(sha256: string): Promise<boolean>;
  /**
   * @param range both ends inclusive; the whole image where none is given
   * @throws PosternError `image-missing`
   */
  openRead(
    sha256: string,
    range: { readonly start?: number; readonly end?: number },
  ): Promise<AsyncIterable<Uint8Array>>;
  /** @throws PosternError `image-busy`, `storage-full` */
  receive(options: {
    readonly sha256: string;
    readonly length: number;
    readonly resume: boolean;
    readonly signal: AbortSignal;
  }): Promise<ImageReception>;
  /** Makes room by removing what was not used for the longest time. @throws PosternError `storage-full` */
  evictUntil(neededBytes: number, keep: ReadonlySet<string>): Promise<unknown>;
  /** @throws PosternError `image-busy` */
  remove(sha256: string): Promise<void>;
}
