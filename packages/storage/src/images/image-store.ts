import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Clock, Instant } from '@postern/core';
import { storageError, toStorageError } from '../errors.ts';
import { makePrivateDirectory, unlessMissing } from '../files.ts';
import { checkDigest } from './digest.ts';
import {
  freeDiskBytes,
  imagePath,
  markUsed,
  partialPath,
  removeFile,
  storedFile,
  storedFiles,
} from './image-files.ts';
import { ImageReceiver } from './image-receiver.ts';
import { planEviction, type Reservation, type Room, roomLeft } from './room.ts';

/** A complete image. */
export interface StoredImage {
  readonly sha256: string;
  /** Bytes. */
  readonly length: number;
  /** When it was last received or opened. */
  readonly lastUsed: Instant;
}

/** Part of an image; both ends count from 0 and are inclusive, as in an HTTP range (RFC 9110 §14.1.2). */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

export interface ReceiveOptions {
  readonly sha256: string;
  /** Bytes of the whole image. */
  readonly length: number;
  /** Go on after what an interrupted attempt left; otherwise that is thrown away. Default false. */
  readonly resume?: boolean;
  /** Cancels the hashing of the held part; later steps are the caller's. */
  readonly signal?: AbortSignal;
}

export interface ImageStoreOptions {
  /** Used by this store alone, in one process (see `lockDirectory`). */
  readonly directory: string;
  readonly clock: Clock;
  /** Quota for complete and partial images together, bytes. */
  readonly maxBytes: number;
  /** Free bytes of the disk that holds `directory`; the file system's own figure unless given. */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

/** Bytes per chunk of an image that is read. */
const READ_CHUNK = 128 * 1024;

/** Opens the store in `directory`, which is made when it does not exist. */
export const createImageStore = async (options: ImageStoreOptions): Promise<ImageStore> => {
  await makePrivateDirectory(options.directory);
  return new ImageStore(options);
};

/**
 * Images as files named by their SHA-256 digest; a file under its digest is complete and was verified when it arrived.
 * Never holds more than a chunk of an image in memory. Partial images survive `kill -9`.
 *
 * @spec X5 X6
 */
export class ImageStore {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #freeBytes: (directory: string) => Promise<number>;
  readonly #receiving = new Map<string, Reservation>();

  constructor(options: ImageStoreOptions) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#maxBytes = options.maxBytes;
    this.#freeBytes = options.freeBytes ?? freeDiskBytes;
  }

  /** Whether the complete image is here. */
  async has(sha256: string): Promise<boolean> {
    return (await this.stat(sha256)) !== undefined;
  }

  /** The complete image's length and last use, if it is here. */
  async stat(sha256: string): Promise<StoredImage | undefined> {
    checkDigest(sha256);
    const file = await storedFile(this.#directory, sha256);
    return file && { sha256, length: file.length, lastUsed: file.lastUsed };
  }

  /** The complete images, least recently used first. */
  async list(): Promise<StoredImage[]> {
    return (await storedFiles(this.#directory))
      .filter(({ partial }) => !partial)
      .sort((a, b) => a.lastUsed - b.lastUsed)
      .map(({ sha256, length, lastUsed }) => ({ sha256, length, lastUsed }));
  }

  /**
   * A stream of the image in chunks of up to 128 KiB. It goes on undisturbed when the image is removed meanwhile.
   *
   * @throws PosternError `image-missing`, `range-invalid`, `digest-invalid`
   */
  async openRead(sha256: string, range: ByteRange = {}): Promise<Readable> {
    checkDigest(sha256);
    const path = imagePath(this.#directory, sha256);
    const file = await unlessMissing(open(path, 'r'));
    if (file === undefined) throw storageError('image-missing', `There is no image ${sha256}`);
    try {
      checkRange(range, (await file.stat()).size);
      await markUsed(path, this.#clock.now());
    } catch (error) {
      await file.close();
      throw error;
    }
    return file.createReadStream({ ...range, highWaterMark: READ_CHUNK });
  }

  /**
   * Begins to receive an image. The caller closes the receiver with `finish` or `abort`.
   *
   * @throws PosternError `image-busy` while another receiver is open for it, `storage-full` when quota or disk cannot
   *   take it, `digest-invalid`, `length-invalid`, `cancelled`
   */
  async receive(options: ReceiveOptions): Promise<ImageReceiver> {
    const { sha256, length } = options;
    checkDigest(sha256);
    checkLength(length);
    this.#refuseBusy(sha256);
    const reservation: Reservation = { sha256, length, received: 0 };
    this.#receiving.set(sha256, reservation);
    const release = (): void => {
      this.#receiving.delete(sha256);
    };
    const partial = partialPath(this.#directory, sha256);
    try {
      reservation.received = await heldBytes(partial, options);
      const room = await this.#room();
      if (room.quota < 0 || room.disk < 0) throw full(sha256, length, room);
      return await ImageReceiver.open(
        {
          reservation,
          partialPath: partial,
          imagePath: imagePath(this.#directory, sha256),
          now: () => this.#clock.now(),
          onClosed: release,
        },
        options.signal,
      );
    } catch (error) {
      release();
      throw toStorageError(error, `receive image ${sha256}`);
    }
  }

  /**
   * Removes an image and what an interrupted attempt left of it.
   *
   * @throws PosternError `image-busy` while it is being received
   */
  async remove(sha256: string): Promise<void> {
    checkDigest(sha256);
    this.#refuseBusy(sha256);
    await this.#removeAlone(sha256, imagePath(this.#directory, sha256), partialPath(this.#directory, sha256));
  }

  /**
   * Makes room for `neededBytes`, removing the least recently used images and interrupted partial images first.
   * When even that would not do, nothing is removed.
   *
   * @param keep digests that must stay
   * @returns the digests that were removed
   * @throws PosternError `storage-full`
   */
  async evictUntil(neededBytes: number, keep: ReadonlySet<string>): Promise<readonly string[]> {
    const candidates = (await storedFiles(this.#directory)).filter(
      ({ sha256 }) => !keep.has(sha256) && !this.#receiving.has(sha256),
    );
    const room = await this.#room();
    const plan = planEviction(candidates, room, neededBytes);
    if (plan === undefined) throw full('to come', neededBytes, room);
    const removed: string[] = [];
    for (const { sha256, path } of plan) {
      if (this.#receiving.has(sha256)) continue;
      await this.#removeAlone(sha256, path);
      removed.push(sha256);
    }
    return removed;
  }

  /** Removes files while no receiver can be opened for their digest. */
  async #removeAlone(sha256: string, ...paths: readonly string[]): Promise<void> {
    this.#receiving.set(sha256, { sha256, length: 0, received: 0 });
    try {
      for (const path of paths) await removeFile(path);
    } catch (error) {
      throw toStorageError(error, `remove image ${sha256}`);
    } finally {
      this.#receiving.delete(sha256);
    }
  }

  async #room(): Promise<Room> {
    const files = await storedFiles(this.#directory);
    const disk = await this.#freeBytes(this.#directory);
    return roomLeft(files, [...this.#receiving.values()], this.#maxBytes, disk);
  }

  #refuseBusy(sha256: string): void {
    if (!this.#receiving.has(sha256)) return;
    throw storageError('image-busy', `Image ${sha256} is being received`, {
      hint: 'Wait until the transfer under way has ended.',
    });
  }
}

/** How much of the image an earlier attempt left; what is of no use is removed. */
const heldBytes = async (partial: string, options: ReceiveOptions): Promise<number> => {
  const held = (await unlessMissing(stat(partial)))?.size ?? 0;
  if (options.resume === true && held <= options.length) return held;
  await removeFile(partial);
  return 0;
};

const checkLength = (length: number): void => {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw storageError('length-invalid', `Not a length in bytes: ${length}`);
};

const checkRange = ({ start = 0, end }: ByteRange, length: number): void => {
  const last = end ?? Math.max(length - 1, start);
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(last) && start >= 0 && start <= last;
  if (valid && start <= length && (end === undefined || end < length)) return;
  throw storageError('range-invalid', `Bytes ${start}–${end ?? ''} lie outside an image of ${length} bytes`);
};

const full = (sha256: string, length: number, room: Room): Error =>
  storageError('storage-full', `No room for image ${sha256} of ${length} bytes: ${describe(room)}`, {
    hint: 'Remove images that are no longer needed, free disk space or raise the quota.',
  });

const describe = ({ quota, disk }: Room): string =>
  `${quota} bytes would remain of the quota and ${disk} bytes of the disk`;
