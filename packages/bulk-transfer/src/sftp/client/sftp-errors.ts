import type { PosternError } from '@postern/core';
import ssh2 from 'ssh2';
import { bulkError, isOurs, replyText } from '../../common/bulk-errors.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

/** The status that the other side answered with, or `undefined` for errors of the connection. */
export const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
};

const CONNECTION_STATUS: readonly number[] = [STATUS_CODE.NO_CONNECTION, STATUS_CODE.CONNECTION_LOST];

/** What a request failed with, as the port tells it. Our own errors pass. */
export const fileError = (error: unknown, what: string): PosternError => {
  if (isOurs(error)) return error;
  const status = statusOf(error);
  if (status === undefined || CONNECTION_STATUS.includes(status)) {
    return bulkError('bulk-connection-lost', `${what}: the connection was lost (${replyText(error)})`, error);
  }
  return bulkError('bulk-file-refused', `${what} was refused: ${replyText(error)}`, error);
};
