import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';

const BLOCK_BYTES = 1_048_576;

/** Length and digest of a file that was written. */
export interface LargeFile {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
}

/** Writes a file of any length block by block; every block is another, and none can be compressed. */
export const writeLargeFile = async (path: string, length: number): Promise<LargeFile> => {
  const block = randomBytes(BLOCK_BYTES);
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  try {
    for (let at = 0; at < length; at += BLOCK_BYTES) {
      block.writeUIntBE(at, 0, 6);
      const piece = block.subarray(0, Math.min(BLOCK_BYTES, length - at));
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return { path, length, sha256: hash.digest('hex') };
};
