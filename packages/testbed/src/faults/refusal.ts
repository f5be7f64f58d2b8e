import { testbedError } from '../errors.ts';

/** @throws PosternError `not-in-this-run` */
export const refuse = (what: string, run: string): never => {
  throw testbedError('not-in-this-run', `A topology that runs "${run}" cannot do this: ${what}`);
};
