import { errorCode, errorMessage, PosternError } from '@postern/core';
import type { BulkCode } from '@postern/software-update';

/** Longest part of a reply that goes into an error message, in characters. */
const LONGEST_REPLY = 300;

/** The reply code of a refusal (basic-ftp throws replies from 400 up), or `undefined` for errors of the connection. */
export const refusalCode = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
};

/** Replies that tell of a lost connection and not of a refused file (RFC 959 section 4.2.1). */
const CONNECTION_REPLIES: readonly number[] = [421, 425, 426];

/** What an FTP exchange on files failed with, as the port tells it. Our own errors pass. */
export const fileError = (error: unknown, what: string): PosternError => {
  if (isOurs(error)) return error;
  const code = refusalCode(error);
  if (code === undefined || CONNECTION_REPLIES.includes(code)) {
    return bulkError('bulk-connection-lost', `${what}: the connection was lost (${replyText(error)})`, error);
  }
  return bulkError('bulk-file-refused', `${what} was refused: ${replyText(error)}`, error);
};

/** What connecting failed with. */
export const connectError = (error: unknown, where: string): PosternError => {
  if (isOurs(error)) return error;
  return bulkError('bulk-unreachable', `No FTP service at ${where} (${replyText(error)})`, error);
};

/**
 * What a login failed with. A server may repeat the password in its reply: it is cut out, and the original
 * error is kept as the cause only when it does not contain it.
 */
export const loginError = (error: unknown, where: string, secret: string): PosternError => {
  if (isOurs(error)) return error;
  const text = replyText(error).replaceAll(secret, '***');
  const cause = errorMessage(error).includes(secret) ? undefined : error;
  return refusalCode(error) === undefined
    ? bulkError('bulk-unreachable', `The connection to ${where} was lost at login (${text})`, cause)
    : bulkError('bulk-login-refused', `Login at ${where} was refused: ${text}`, cause);
};

export const bulkError = (code: BulkCode, message: string, cause?: unknown): PosternError<BulkCode> =>
  new PosternError(code, message, { cause });

const isOurs = (error: unknown): error is PosternError =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'PosternError';

const replyText = (error: unknown): string => {
  const text = errorMessage(error)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST_REPLY);
  return text === '' ? errorCode(error, 'no reason told') : text;
};
