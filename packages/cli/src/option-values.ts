import { InvalidArgumentError } from 'commander';

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
