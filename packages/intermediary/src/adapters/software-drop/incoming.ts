import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { errorCode } from '@postern/core';
import { updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';

const READ_CHUNK = 256 * 1_024;

/** Of the site with this data directory. */
export const incomingDirectory = (dataDir: string): string => join(dataDir, 'incoming');

/** Bytes of everything that is on its way. */
class Room {
  readonly most: number;
  #taken = 0;

  constructor(most: number) {
    this.most = most;
  }

  take(bytes: number): boolean {
    if (this.#taken + bytes > this.most) return false;
    this.#taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}

/** Files that arrive and are gone when they were judged. */
export class IncomingFolder {
  readonly #directory: string;
  readonly #room: Room;
  #last = 0;

  private constructor(directory: string, mostBytes: number) {
    this.#directory = directory;
    this.#room = new Room(mostBytes);
  }

  /**
   * Removes what an earlier process left. Call it when the data directory's lock is held.
   *
   * @param mostBytes of all files together
   */
  static async open(directory: string, mostBytes: number): Promise<IncomingFolder> {
    await clearIncoming(directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new IncomingFolder(directory, mostBytes);
  }

  /** The name is ours: whoever sends a file chooses nothing of where it is. */
  async begin(): Promise<IncomingFile> {
    this.#last += 1;
    const path = join(this.#directory, `${this.#last}.part`);
    return new IncomingFile(path, await open(path, 'wx', 0o600), this.#room);
  }
}

/** Of a process that was killed in the middle of an upload. */
export const clearIncoming = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true });

/** One file; to be removed in the end, whatever becomes of it. */
export class IncomingFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #room: Room;
  #length = 0;
  #removed = false;

  constructor(path: string, file: FileHandle, room: Room) {
    this.#path = path;
    this.#file = file;
    this.#room = room;
  }

  /** Bytes. */
  get length(): number {
    return this.#length;
  }

  /** @throws PosternError `drop-full`, `storage-full` */
  async write(chunk: Uint8Array): Promise<void> {
    const { most } = this.#room;
    if (this.#length + chunk.length > most) {
      throw intermediaryError('drop-full', `A bundle may have ${most} bytes`);
    }
    if (!this.#room.take(chunk.length)) {
      throw intermediaryError('drop-full', `Other bundles are on their way; all may have ${most} bytes`);
    }
    this.#length += chunk.length;
    try {
      await this.#file.writeFile(chunk);
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes(errorCode(error, ''))) throw error;
      throw updateError('storage-full', 'The disk is full', error);
    }
  }

  /** All of it, from the beginning. */
  read(): Readable {
    return createReadStream(this.#path, { highWaterMark: READ_CHUNK });
  }

  async remove(): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    await this.#file.close();
    await rm(this.#path, { force: true });
    this.#room.giveBack(this.#length);
  }
}
