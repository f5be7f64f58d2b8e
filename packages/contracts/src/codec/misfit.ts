import type { PosternError } from '@postern/core';
import { type CodecCode, codecError } from './errors.ts';
import type { Refuse } from './simple-types.ts';

/**
 * Something that does not fit its type, on its way up from where it was found. Where that is gets written down on the
 * way: what fits pays nothing for its place.
 */
export class Misfit {
  readonly code: CodecCode;
  readonly reason: string;
  path = '';
  constructor(code: CodecCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** Refuses a value of a simple type. */
export const refuse: Refuse = (reason) => {
  throw new Misfit('value-invalid', reason);
};

/** What is thrown on, one step further up: `/name` of a member, `[3]` of an item. */
export const within = (step: string, error: unknown): unknown => {
  if (error instanceof Misfit) error.path = step + error.path;
  return error;
};

/** The error for whoever gave the whole, that `root` names. */
export const misfitError = (root: string, { code, path, reason }: Misfit): PosternError<CodecCode> =>
  codecError(code, root + path, reason);
