import { testbedError } from '../errors.ts';

/** @throws PosternError `tier-not-started` for what is not there (yet) */
export const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw testbedError('tier-not-started', `The ${what} is not there (yet)`);
  return value;
};
