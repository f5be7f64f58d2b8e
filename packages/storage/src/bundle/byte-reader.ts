import { bundleInvalid } from './bundle-entry.ts';

/** Reads a stream of chunks of any size in pieces of a given size. */
export interface ByteReader {
  /**
   * Exactly so many bytes, in one piece; or undefined when the stream ends before the first.
   *
   * @throws PosternError `bundle-invalid` when the stream ends in between
   */
  take(count: number): Promise<Uint8Array | undefined>;
  /** So many bytes, chunk by chunk. @throws PosternError `bundle-invalid` when the stream ends in between */
  stream(count: number): AsyncGenerator<Uint8Array>;
  /** Lets go of the source. */
  close(): Promise<void>;
}

export const byteReader = (source: AsyncIterable<Uint8Array>): ByteReader => {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);

  /** Up to `most` bytes; none at the end. */
  const some = async (most: number): Promise<Uint8Array> => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return rest;
      rest = next.value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };

  async function* stream(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      const piece = await some(left);
      if (piece.length === 0) throw bundleInvalid('it ends too early');
      left -= piece.length;
      yield piece;
    }
  }

  return {
    stream,
    take: async (count) => {
      const first = await some(count);
      if (first.length === 0 || first.length === count) return first.length === 0 ? undefined : first;
      const pieces = [first];
      for await (const piece of stream(count - first.length)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    close: async () => {
      await chunks.return?.();
    },
  };
};
