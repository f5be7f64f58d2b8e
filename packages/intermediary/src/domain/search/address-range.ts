import { intermediaryError } from '../../errors.ts';
import { type Address, addressText, BITS, readAddress } from './address.ts';

/** Addresses from the first to the last, both included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses that one search asks at most. */
export const MOST_ADDRESSES = 1_024;

const CIDR = /^([0-9A-Fa-f:.]{2,45})\/(\d{1,3})$/;
const FIRST_LAST = /^([0-9A-Fa-f:.]{2,45})(?:\s*-\s*([0-9A-Fa-f:.]{2,45}))?$/;

/** Reads a range: CIDR notation (RFC 4632 §3.1), FIRST-LAST, or one address. Undefined for anything else. */
export const readAddressRange = (text: string): AddressRange | undefined => {
  const [, network, bits] = CIDR.exec(text) ?? [];
  if (network !== undefined) return block(readAddress(network), Number(bits));
  const [, first, last = first] = FIRST_LAST.exec(text) ?? [];
  return between(readAddress(first ?? ''), readAddress(last ?? ''));
};

const block = (address: Address | undefined, prefix: number): AddressRange | undefined => {
  if (address === undefined || prefix > BITS[address.family]) return undefined;
  const { family, value } = address;
  const free = BigInt(BITS[family] - prefix);
  const first = (value >> free) << free;
  return { family, first, last: first + (1n << free) - 1n };
};

const between = (first: Address | undefined, last: Address | undefined): AddressRange | undefined => {
  if (first === undefined || last === undefined || first.family !== last.family) return undefined;
  return first.value > last.value
    ? undefined
    : { family: first.family, first: first.value, last: last.value };
};

/** Of an IPv4 network neither its own address nor the one for all is anybody's (RFC 1122 §3.2.1.3). */
const hostsOf = (text: string, range: AddressRange): AddressRange => {
  const isNetwork = range.family === 4 && text.includes('/') && range.last - range.first >= 3n;
  return isNetwork ? { ...range, first: range.first + 1n, last: range.last - 1n } : range;
};

/** Whether an address lies in one of the ranges. */
export const isWithin = (ranges: readonly AddressRange[], { family, value }: Address): boolean =>
  ranges.some((range) => range.family === family && range.first <= value && value <= range.last);

/**
 * The addresses that a search in a range asks.
 *
 * @param allowed where this site may search at all
 * @throws PosternError `range-invalid`, `range-too-large`, `range-not-allowed`
 */
export const addressesToAsk = (text: string, allowed: readonly AddressRange[]): readonly string[] => {
  const range = readAddressRange(text.trim());
  if (range === undefined) {
    throw intermediaryError('range-invalid', `${JSON.stringify(text.slice(0, 80))} is no range of addresses`);
  }
  const { family, first, last } = hostsOf(text, range);
  if (last - first >= BigInt(MOST_ADDRESSES)) {
    throw intermediaryError('range-too-large', `${text} has more than ${MOST_ADDRESSES} addresses`);
  }
  const addresses: Address[] = [];
  for (let value = first; value <= last; value++) addresses.push({ family, value });
  const outside = addresses.find((address) => !isWithin(allowed, address));
  if (outside === undefined) return addresses.map(addressText);
  throw intermediaryError('range-not-allowed', `${addressText(outside)} is not where this site may search`);
};
