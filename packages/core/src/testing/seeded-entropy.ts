import { createHash } from 'node:crypto';
import type { Entropy } from '../entropy.ts';

/** Reproducible bytes: SHA-256 in counter mode over the seed. For tests and simulation only. */
export const seededEntropy = (seed: string | number): Entropy => {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return {
    bytes: (length) => {
      while (pool.length < length) {
        const block = createHash('sha256').update(`${seed}:${counter++}`).digest();
        pool = Buffer.concat([pool, block]);
      }
      const taken = pool.subarray(0, length);
      pool = pool.subarray(length);
      return new Uint8Array(taken);
    },
  };
};
