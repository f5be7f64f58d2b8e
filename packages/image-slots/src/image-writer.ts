import { type FileHandle, open } from 'node:fs/promises';
import { type SlotWriter, updateError } from '@postern/software-update';
import { onFlash } from './flash-error.ts';
import type { PowerFence } from './power-fence.ts';

/**
 * How much is gathered for one write: each costs a trip to the thread pool and back, which for pieces of the size that
 * a socket delivers (64 KiB) is about as much as the writing itself.
 */
const GATHERED_BYTES = 1_024 * 1_024;

/** What one writev(2) takes on Linux (IOV_MAX). Bounds the memory of an upload that arrives byte by byte, too. */
const GATHERED_CHUNKS = 1_024;

export interface ImageWriterOptions {
  readonly path: string;
  /** Bytes of the file that stay. */
  readonly offset: number;
  /** Longest the file may become, in bytes: what the storage has left for it. */
  readonly room: () => number;
  readonly fence: PowerFence;
}

/** Opens an image for writing behind its first `offset` bytes. */
export const openImageWriter = async (options: ImageWriterOptions): Promise<ImageWriter> => {
  const { path, offset } = options;
  const handle = await onFlash('open an image', () => open(path, offset === 0 ? 'w' : 'r+', 0o600));
  try {
    await onFlash('cut an image', () => handle.truncate(offset));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return new ImageWriter(handle, options);
};

/** Gathers chunks, without copying them, into writes of {@link GATHERED_BYTES}: they must not change afterwards. */
export class ImageWriter implements SlotWriter {
  readonly #handle: FileHandle;
  readonly #options: ImageWriterOptions;
  #position: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #failed = false;
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, options: ImageWriterOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#position = options.offset;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#closing !== undefined) throw updateError('transfer-refused', 'Another transfer took over');
    if (this.#position + this.#gatheredBytes + chunk.length > this.#options.room()) {
      throw updateError('storage-full', 'The storage of the target is full');
    }
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.length;
    if (this.#gatheredBytes >= GATHERED_BYTES || this.#gathered.length >= GATHERED_CHUNKS) {
      await this.#flush();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      if (this.#failed) return;
      if (this.#gatheredBytes > 0) await this.#flush();
      await this.#options.fence.run(() => onFlash('sync an image', () => this.#handle.sync()));
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    const chunks = this.#gathered;
    const bytes = this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    try {
      await this.#options.fence.run(() => onFlash('write an image', () => this.#writeAll(chunks, bytes)));
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#position += bytes;
  }

  /** writev(2) may take less than it was given, notably when the disk is almost full. */
  async #writeAll(chunks: readonly Uint8Array[], bytes: number): Promise<void> {
    const { bytesWritten } = await this.#handle.writev(chunks, this.#position);
    if (bytesWritten === bytes) return;
    const rest = Buffer.concat(chunks).subarray(bytesWritten);
    for (let done = 0; done < rest.length; ) {
      const position = this.#position + bytesWritten + done;
      done += (await this.#handle.write(rest, done, rest.length - done, position)).bytesWritten;
    }
  }
}
