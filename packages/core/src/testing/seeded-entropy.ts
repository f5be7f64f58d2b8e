import { createHash } from 'node:crypto';
import type { Entropy } from '../entropy.ts';

const BLOCK_BYTES = 32;

/** Reproducible bytes: SHA-256 in counter mode over the seed. For tests and simulation only. */
export const seededEntropy = (seed: string | number): Entropy => {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return {
    bytes: (length) => {
      const blocks: Buffer[] = [];
      for (let missing = length - pool.length; missing > 0; missing -= BLOCK_BYTES) {
        blocks.push(createHash('sha256').update(`${seed}:${counter++}`).digest());
      }
      if (blocks.length > 0) pool = Buffer.concat([pool, ...blocks]);
      const taken = pool.subarray(0, length);
      pool = pool.subarray(length);
      return new Uint8Array(taken);
    },
  };
};
