/** Three megabytes in which every position is told from its neighbours. */
export const IMAGE = Buffer.from(
  Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 255),
);

/** How much of it the other side has where an upload goes on. */
export const HELD = 1_000_000;

export async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}
