import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Instant, throwIfCancelled } from '@postern/core';
import { storageError, toStorageError } from '../errors.ts';
import { PRIVATE_FILE, syncDirectory } from '../files.ts';
import { removeFile } from './image-files.ts';
import type { Reservation } from './room.ts';

/** Bytes per read when a held prefix is hashed again. */
const REHASH_CHUNK = 256 * 1024;

/** What a receiver writes to. */
export interface Reception {
  readonly reservation: Reservation;
  readonly partialPath: string;
  readonly imagePath: string;
  /** The time to note as the file's last use. */
  readonly now: () => Instant;
  /** Called once, when the receiver is finished or aborted. */
  readonly onClosed: () => void;
}

/**
 * Takes one image chunk by chunk into its partial file. Call `finish` after the last chunk, and `abort` in every other
 * case; `abort` after `finish` does nothing, so it belongs into a `finally`.
 *
 * @spec X5
 */
export class ImageReceiver {
  readonly #reception: Reception;
  readonly #file: FileHandle;
  readonly #hash: Hash;
  #failure: unknown;
  #open = true;

  private constructor(reception: Reception, file: FileHandle, hash: Hash) {
    this.#reception = reception;
    this.#file = file;
    this.#hash = hash;
  }

  /** Opens the partial file and hashes the `reservation.received` bytes it holds already. */
  static async open(reception: Reception, signal?: AbortSignal): Promise<ImageReceiver> {
    const { partialPath, reservation } = reception;
    const file = await open(partialPath, reservation.received > 0 ? 'r+' : 'w+', PRIVATE_FILE);
    try {
      const hash = await hashPrefix(file, reservation.received, signal);
      return new ImageReceiver(reception, file, hash);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Bytes received so far, those of earlier attempts included: where the sender has to go on. */
  get offset(): number {
    return this.#reception.reservation.received;
  }

  /**
   * Appends `chunk`, which must stay unchanged until the promise resolves.
   *
   * @throws PosternError `length-mismatch` beyond the announced length (the partial image is removed),
   *   `storage-full`, `storage-failed` (it is kept), `receiver-closed`
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.#checkOpen();
    const { reservation } = this.#reception;
    const position = reservation.received;
    if (position + chunk.length > reservation.length) {
      await this.#discard();
      throw this.#lengthMismatch('more');
    }
    reservation.received += chunk.length;
    this.#hash.update(chunk);
    try {
      await writeFully(this.#file, chunk, position);
    } catch (error) {
      this.#failure = toStorageError(error, `write image ${reservation.sha256}`);
      throw this.#failure;
    }
  }

  /**
   * Checks length and digest and makes the image durable under its digest.
   *
   * @throws PosternError `length-mismatch`, `digest-mismatch` (the partial image is removed), `storage-full`,
   *   `storage-failed` (it is kept), `receiver-closed`
   */
  async finish(): Promise<void> {
    this.#checkOpen();
    const { reservation, partialPath, imagePath } = this.#reception;
    if (reservation.received !== reservation.length) {
      await this.#discard();
      throw this.#lengthMismatch('fewer');
    }
    const digest = this.#hash.digest('hex');
    if (digest !== reservation.sha256) {
      await this.#discard();
      throw storageError('digest-mismatch', `Image ${reservation.sha256} arrived with digest ${digest}`, {
        hint: 'The transfer was damaged or tampered with; transfer it again from the start.',
      });
    }
    try {
      await this.#file.sync();
      await this.#close(async () => {
        await rename(partialPath, imagePath);
        await syncDirectory(dirname(imagePath));
      });
    } catch (error) {
      await this.abort();
      throw toStorageError(error, `store image ${reservation.sha256}`);
    }
  }

  /** Stops and keeps what has been received for a later attempt. */
  async abort(): Promise<void> {
    if (this.#open) await this.#close();
  }

  #discard(): Promise<void> {
    return this.#close(() => removeFile(this.#reception.partialPath));
  }

  /** The reservation ends last, so that no other receiver opens the partial file while this one still works on it. */
  async #close(lastly: () => Promise<void> = async () => {}): Promise<void> {
    this.#open = false;
    const seconds = this.#reception.now() / 1_000;
    try {
      // Only the order of eviction depends on the time: failing to note it is no failure.
      await this.#file.utimes(seconds, seconds).catch(() => {});
      await this.#file.close();
      await lastly();
    } catch (error) {
      throw toStorageError(error, `close image ${this.#reception.reservation.sha256}`);
    } finally {
      this.#reception.onClosed();
    }
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#open) throw storageError('receiver-closed', 'The receiver has been closed');
  }

  #lengthMismatch(what: 'more' | 'fewer'): Error {
    const { sha256, length } = this.#reception.reservation;
    return storageError('length-mismatch', `Image ${sha256} has ${what} bytes than the ${length} announced`);
  }
}

const hashPrefix = async (file: FileHandle, length: number, signal?: AbortSignal): Promise<Hash> => {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(REHASH_CHUNK, length));
  for (let position = 0; position < length; ) {
    throwIfCancelled(signal);
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, length - position), position);
    if (bytesRead === 0) throw storageError('storage-failed', 'A partial image shrank while it was read');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash;
};

const writeFully = async (file: FileHandle, chunk: Uint8Array, position: number): Promise<void> => {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
};
