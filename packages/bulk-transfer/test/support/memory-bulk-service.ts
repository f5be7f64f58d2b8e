import { PosternError } from '@postern/core';
import type { BulkReceiver, BulkService, BulkServiceSession } from '@postern/software-update';

/** What a test may ask of one upload's end. */
export type UploadEnd = 'finished' | 'aborted';

/** A bulk service in memory that also records what the adapter did to it. */
export class MemoryBulkService implements BulkService {
  userName = 'updater-1';
  password = 'one "time" pass ';
  /** Readable files. */
  readonly files = new Map<string, Uint8Array>([['version.txt', Buffer.from('main=1.0\n')]]);
  /** Uploads held, finished or not. */
  readonly uploads = new Map<string, Buffer[]>([['image.bin', []]]);
  /** Chunks are counted and dropped, for measuring. */
  discard = false;
  /** Bytes an upload may have in all. */
  capacity = Number.POSITIVE_INFINITY;
  refuseWith: Error | undefined;
  /** What the end of an upload is refused with. */
  finishWith: Error | undefined;
  /** Awaited in every write. */
  beforeWrite: () => Promise<void> = async () => {};
  /** Awaited at the end of every upload. */
  beforeFinish: () => Promise<void> = async () => {};
  revocation = new AbortController();

  readonly logins: string[] = [];
  readonly begun: { readonly name: string; readonly offset: number }[] = [];
  readonly ends: UploadEnd[] = [];
  endedSessions = 0;
  receivedBytes = 0;
  writesAtOnce = 0;
  mostWritesAtOnce = 0;
  largestChunk = 0;
  readonly #listeners = new Set<() => void>();

  async login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined> {
    this.logins.push(peer);
    if (userName !== this.userName || password !== this.password) return undefined;
    return {
      list: async () => [
        ...[...this.files].map(([name, content]) => ({ name, size: content.length, access: 'r' as const })),
        ...[...this.uploads].map(([name]) => ({ name, size: this.held(name).length, access: 'w' as const })),
      ],
      read: async (name) => this.files.get(name),
      size: async (name) =>
        this.files.get(name)?.length ?? (this.uploads.has(name) ? this.held(name).length : undefined),
      receive: async (name, offset) => this.#receive(name, offset),
      revoked: this.revocation.signal,
      ended: () => {
        this.endedSessions += 1;
        this.#changed();
      },
    };
  }

  /** What is held of an upload. */
  held(name: string): Buffer {
    return Buffer.concat(this.uploads.get(name) ?? []);
  }

  /** Resolves as soon as `condition` holds; looked at after everything the adapter did. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#listeners.add(resolve);
      });
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  #receive(name: string, offset: number): BulkReceiver {
    if (this.refuseWith !== undefined) throw this.refuseWith;
    const held = this.held(name);
    if (offset > held.length) throw new PosternError('offset-beyond', `Only ${held.length} bytes are held`);
    const chunks = offset === 0 ? [] : [held.subarray(0, offset)];
    let length = offset;
    this.uploads.set(name, chunks);
    this.begun.push({ name, offset });
    return {
      write: async (chunk) => {
        this.writesAtOnce += 1;
        this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.writesAtOnce);
        this.largestChunk = Math.max(this.largestChunk, chunk.length);
        try {
          await this.beforeWrite();
          length += chunk.length;
          if (length > this.capacity) throw new PosternError('too-long', 'More bytes than the manifest says');
          this.receivedBytes += chunk.length;
          if (!this.discard) chunks.push(Buffer.from(chunk));
          this.#changed();
        } finally {
          this.writesAtOnce -= 1;
        }
      },
      finish: async () => {
        this.#end('finished');
        await this.beforeFinish();
        if (this.finishWith !== undefined) throw this.finishWith;
        return `${length} bytes taken`;
      },
      abort: async () => this.#end('aborted'),
    };
  }

  #end(how: UploadEnd): void {
    this.ends.push(how);
    this.#changed();
  }
}
