import { createHash } from 'node:crypto';
import { PosternError } from '@postern/core';
import type { ImageFiles, ImageReception } from '@postern/intermediary/compose';
import type { Life } from './life.ts';

const CHUNK_BYTES = 256;
/** A large image comes in larger chunks: each of them is an event of the simulation. */
const MOST_CHUNKS = 64;

/** A site's image cache. Outlives the lives of its node; each reaches it through {@link SiteImages.seenBy}. */
export class SiteImages {
  readonly #whole = new Map<string, Uint8Array>();
  readonly #partial = new Map<string, Buffer>();

  /** The port of one life: each write is a boundary at which that life may end. */
  seenBy(life: Life): ImageFiles {
    const busy = new Set<string>();
    return {
      has: async (sha256) => this.#whole.has(sha256),
      openRead: async (sha256, { start }) => {
        const bytes = this.#whole.get(sha256);
        if (bytes === undefined) throw new PosternError('image-missing', `There is no image ${sha256}`);
        return inChunks(bytes.subarray(start));
      },
      receive: async ({ sha256, length, resume }) => {
        if (busy.has(sha256)) throw new PosternError('image-busy', `${sha256} is being received`);
        if (!resume) this.#partial.delete(sha256);
        busy.add(sha256);
        return this.#reception(life, sha256, length, () => busy.delete(sha256));
      },
      evictUntil: async () => [],
      remove: async (sha256) => {
        this.#whole.delete(sha256);
        this.#partial.delete(sha256);
      },
    };
  }

  #reception(life: Life, sha256: string, length: number, release: () => void): ImageReception {
    const held = (): Buffer => this.#partial.get(sha256) ?? Buffer.alloc(0);
    return {
      get offset() {
        return held().length;
      },
      write: (chunk) =>
        life.effect('image part', () => {
          if (held().length + chunk.length > length) throw new PosternError('length-mismatch', 'Too long');
          this.#partial.set(sha256, Buffer.concat([held(), chunk]));
        }),
      finish: () =>
        life.effect('image whole', () => {
          release();
          const bytes = held();
          this.#partial.delete(sha256);
          if (bytes.length !== length) throw new PosternError('length-mismatch', 'Too short');
          const digest = createHash('sha256').update(bytes).digest('hex');
          if (digest !== sha256) throw new PosternError('digest-mismatch', 'Another image');
          this.#whole.set(sha256, bytes);
        }),
      abort: async () => release(),
    };
  }
}

/** Content as it comes from a file. */
export async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const chunk = Math.max(CHUNK_BYTES, Math.ceil(bytes.length / MOST_CHUNKS));
  for (let start = 0; start < bytes.length; start += chunk) {
    yield bytes.subarray(start, start + chunk);
  }
}
