import { bundleInvalid } from './bundle-entry.ts';

/** A block of a tar archive. */
export const TAR_BLOCK = 512;

export interface TarHeader {
  readonly path: string;
  /** Bytes of content that follow, before padding. */
  readonly length: number;
  readonly kind: 'file' | 'folder' | 'remark';
}

/**
 * Reads one header (POSIX.1-1988 ustar). Links, devices and long names are refused: nothing in a bundle needs them.
 * `remark` are the extended headers (POSIX.1-2001 §pax) that some tools add about times and owners; they change
 * nothing here.
 *
 * @returns undefined for the block of zeros that ends an archive
 * @throws PosternError `bundle-invalid`
 */
export const readTarHeader = (block: Uint8Array): TarHeader | undefined => {
  if (block.every((byte) => byte === 0)) return undefined;
  const stored = octal(block, 148, 8);
  const blanked = Uint8Array.from(block).fill(32, 148, 156);
  if (blanked.reduce((sum, byte) => sum + byte, 0) !== stored)
    throw bundleInvalid('a header of the tar file is damaged');
  const prefix = text(block, 257, 5) === 'ustar' && block[263] === 48 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  const path = (prefix === '' ? name : `${prefix}/${name}`).replace(/^\.\//, '');
  return { path, length: length(block), kind: kindOf(block[156] ?? 0, path) };
};

const kindOf = (flag: number, path: string): TarHeader['kind'] => {
  const letter = String.fromCharCode(flag);
  if (letter === '0' || flag === 0) return 'file';
  if (letter === '5') return 'folder';
  if (letter === 'x' || letter === 'g') return 'remark';
  throw bundleInvalid(`${JSON.stringify(path.slice(0, 120))} is neither a file nor a folder`);
};

/** Octal digits, or, beyond 8 GiB, big-endian binary as GNU tar writes it. */
const length = (block: Uint8Array): number => {
  if (block[124] !== 0x80) return octal(block, 124, 12);
  const value = block.subarray(125, 136).reduce((sum, byte) => sum * 256 + byte, 0);
  if (!Number.isSafeInteger(value)) throw bundleInvalid('a file in it is too long');
  return value;
};

const octal = (block: Uint8Array, at: number, size: number): number => {
  const digits = text(block, at, size).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw bundleInvalid('it is no tar file, or a damaged one');
  return Number.parseInt(digits, 8);
};

const text = (block: Uint8Array, at: number, size: number): string => {
  const field = block.subarray(at, at + size);
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end === -1 ? field : field.subarray(0, end));
};
