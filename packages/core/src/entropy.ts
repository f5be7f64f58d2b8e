/** The only source of randomness. Production uses the operating system's generator; simulation a seeded one. */
export interface Entropy {
  /** @param length number of bytes, at least 1 */
  bytes(length: number): Uint8Array;
}

/** A random identifier: 128 bits as 32 lower-case hexadecimal digits. */
export const randomId = (entropy: Entropy): string => Buffer.from(entropy.bytes(16)).toString('hex');

/** A uniformly spread number in [0, 1), for jitter. Never for secrets. */
export const randomFraction = (entropy: Entropy): number => {
  const bytes = entropy.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
};
