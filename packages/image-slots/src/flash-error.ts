import { errorCode, errorMessage } from '@postern/core';
import { updateError } from '@postern/software-update';

/** What a failing file operation means to the update protocol: `storage-full` or `storage-failed`; ours stay as they are. */
export const toFlashError = (error: unknown, doing: string): unknown => {
  const code = errorCode(error, '');
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  if (!full && !/^E[A-Z0-9]+$/.test(code)) return error;
  return updateError(
    full ? 'storage-full' : 'storage-failed',
    `Could not ${doing}: ${errorMessage(error)}`,
    error,
  );
};

/** Runs a file operation and puts its failure into the update protocol's terms. */
export const onFlash = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw toFlashError(error, doing);
  }
};
