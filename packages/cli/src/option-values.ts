import { InvalidArgumentError } from 'commander';

/**
 * Reads an option's whole number, 0 among them.
 *
 * @throws InvalidArgumentError (exit code 2)
 */
export const wholeNumberOrZero = (text: string): number => (/^0+$/.test(text) ? 0 : wholeNumber(text));

/**
 * Reads an option's whole number of at least 1.
 *
 * @throws InvalidArgumentError (exit code 2)
 */
export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
};

/** Where a TCP service is. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an option's `HOST:PORT`; an IPv6 address stands in brackets.
 *
 * @throws InvalidArgumentError (exit code 2)
 */
export const hostAndPort = (text: string): HostAndPort => {
  const [, bracketed, plain, port = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new InvalidArgumentError('Expected HOST:PORT, e.g. 127.0.0.1:8443.');
};
