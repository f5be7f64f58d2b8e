import { errorCode, errorMessage, PosternError } from '@postern/core';
import type { BulkCode } from '@postern/software-update';

/** Longest part of the other side's words that goes into an error message, in characters. */
const LONGEST_REPLY = 300;

export const bulkError = (code: BulkCode, message: string, cause?: unknown): PosternError<BulkCode> =>
  new PosternError(code, message, { cause });

/** Whether an error is one of ours already. Not by instanceof: errors cross realms. */
export const isOurs = (error: unknown): error is PosternError =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'PosternError';

/** What the other side, or the system, said, as one bounded line. */
export const replyText = (error: unknown): string => {
  const text = errorMessage(error)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST_REPLY);
  return text === '' ? errorCode(error, 'no reason told') : text;
};

/**
 * Words about a login without its secret, which a server may repeat; the error itself is kept as the cause only when
 * it does not contain it.
 */
export const withoutSecret = (error: unknown, secret: string): { text: string; cause: unknown } => ({
  text: secret === '' ? replyText(error) : replyText(error).replaceAll(secret, '***'),
  cause: secret !== '' && errorMessage(error).includes(secret) ? undefined : error,
});

/** What a login failed with: `refused` when the other side answered, else the connection was lost. */
export const loginFailure = (
  error: unknown,
  where: string,
  secret: string,
  refused: boolean,
): PosternError => {
  const { text, cause } = withoutSecret(error, secret);
  return refused
    ? bulkError('bulk-login-refused', `Login at ${where} was refused: ${text}`, cause)
    : bulkError('bulk-unreachable', `The connection to ${where} was lost at login (${text})`, cause);
};
