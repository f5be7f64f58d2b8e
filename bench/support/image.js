import { createCipheriv, createHash } from 'node:crypto';

/** Images are one reproducible block over and over: long ones need no memory in the process that sends them. */
const BLOCK_BYTES = 1_048_576;

/** What devices leave the factory with: version 1.0, and the image says so. */
export const FACTORY_IMAGE = Buffer.concat([Buffer.from('1.0\n'), Buffer.alloc(1_020, 1)]);

/** Looks like firmware to everything that handles it: bytes without a pattern, the same in every run. */
export const imageBlock = () =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(BLOCK_BYTES));

/**
 * @param {number} length In bytes.
 * @param {string} [header] What the image begins with.
 * @returns {Generator<Buffer>}
 */
export function* imagePieces(length, header = '') {
  if (header !== '') yield Buffer.from(header);
  const block = imageBlock();
  for (let rest = length - header.length; rest > 0; rest -= block.length) yield block.subarray(0, rest);
}

/** SHA-256 of an image, hexadecimal. @param {number} length @param {string} [header] */
export const imageDigest = (length, header = '') => {
  const hash = createHash('sha256');
  for (const piece of imagePieces(length, header)) hash.update(piece);
  return hash.digest('hex');
};

/** How an image says its version: a device that is told nothing else believes its first line. @param {string} version */
export const versionLine = (version) => `${version}\n`;
