import type { PosternError } from '@postern/core';
import { bulkError, isOurs, replyText } from '../../common/bulk-errors.ts';

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
