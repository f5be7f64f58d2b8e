import { PosternError } from '@postern/core';

/** What this release cannot do. @param what a noun phrase, e.g. an operation's name */
export const notSupportedYet = (what: string): PosternError<'not-supported-yet'> =>
  new PosternError('not-supported-yet', `This intermediary does not support ${what} yet`, {
    hint: 'Use a release of the intermediary that does.',
  });
