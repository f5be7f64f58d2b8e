import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as a number, to be compared with others of its family. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Bits of an address. */
export const BITS = { 4: 32, 6: 128 } as const;

/**
 * Reads an address (RFC 4291 §2.2). One with a zone, and one that stands for an IPv4 address (§2.5.5), is none here:
 * there is another way to write what it means.
 */
export const readAddress = (text: string): Address | undefined => {
  if (isIPv4(text)) return { family: 4, value: joined(text.split('.').map(Number), 8n) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const value = joined(groupsOf(text), 16n);
  return value >> 32n === 0xffffn ? undefined : { family: 6, value };
};

/** As it is written everywhere: of an IPv6 address its short form (RFC 5952). */
export const addressText = ({ family, value }: Address): string => {
  if (family === 4) return parts(value, 8n, 4).join('.');
  return hostOf(
    parts(value, 16n, 8)
      .map((group) => group.toString(16))
      .join(':'),
  );
};

const joined = (numbers: readonly number[], bits: bigint): bigint =>
  numbers.reduce((value, number) => (value << bits) | BigInt(number), 0n);

const parts = (value: bigint, bits: bigint, count: number): number[] =>
  Array.from({ length: count }, (_, index) =>
    Number((value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n)),
  );

/** The eight groups of an IPv6 address, however it was written. */
const groupsOf = (text: string): number[] => {
  const [head = '', tail] = hostOf(text).split('::');
  const [before, after] = [head, tail ?? ''].map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [
    ...(before ?? []),
    ...Array<string>(tail === undefined ? 0 : missing).fill('0'),
    ...(after ?? []),
  ].map((group) => Number.parseInt(group, 16));
};

/** The URL parser knows the short form. */
const hostOf = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
