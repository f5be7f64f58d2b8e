import type { PosternError } from '@postern/core';
import { type IntermediaryCode, intermediaryError } from '../../errors.ts';

/** What this release cannot do. @param what a noun phrase, e.g. an operation's name */
export const notSupportedYet = (what: string): PosternError<IntermediaryCode> =>
  intermediaryError('not-supported-yet', `This intermediary does not support ${what} yet`);
