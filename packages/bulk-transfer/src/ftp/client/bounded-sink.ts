import { Writable } from 'node:stream';
import { bulkError } from '../../common/bulk-errors.ts';

/** Collects a small file; refuses the chunk that goes beyond `limit` bytes with `bulk-too-long`. */
export class BoundedSink extends Writable {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  /** Everything so far. */
  content(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#length);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#length += chunk.length;
    if (this.#length > this.#limit) {
      done(bulkError('bulk-too-long', `The file is longer than ${this.#limit} bytes`));
      return;
    }
    this.#chunks.push(chunk);
    done();
  }
}
