import { type Clock, type Duration, errorCode, errorMessage, withDeadline } from '@postern/core';
import { bulkError } from './bulk-errors.ts';

/** A client's connection, as far as a broken exchange needs it. */
export interface ClosableClient {
  close(): void;
}

/**
 * Runs one exchange with a deadline. When that passes or the caller cancels, the connection is closed: a reply
 * that comes later could not be told from the reply to the next command.
 *
 * @throws PosternError `bulk-timeout`, `cancelled`, or whatever `work` threw
 */
export const guarded = async <T>(
  client: ClosableClient,
  clock: Clock,
  limit: Duration,
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await withDeadline(clock, limit, what, signal, work);
  } catch (error) {
    const code = errorCode(error, 'unknown');
    if (code === 'deadline-exceeded') {
      client.close();
      throw bulkError('bulk-timeout', errorMessage(error), error);
    }
    if (signal?.aborted) client.close();
    throw error;
  }
};
