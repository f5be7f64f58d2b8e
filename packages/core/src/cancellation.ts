import type { Clock } from './clock.ts';
import type { Duration } from './duration.ts';
import { PosternError } from './errors.ts';

/** Codes of errors thrown by the helpers of this file. */
export type CancellationCode = 'cancelled' | 'deadline-exceeded';

/** Throws `cancelled` when the signal has been aborted. */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw cancelled(signal);
};

const cancelled = (signal: AbortSignal): PosternError<CancellationCode> => {
  if (signal.reason instanceof PosternError) return signal.reason as PosternError<CancellationCode>;
  return new PosternError('cancelled', 'The operation was cancelled', { cause: signal.reason });
};

/** Waits for `delay`. Rejects with `cancelled` as soon as the signal aborts. */
export const sleep = (clock: Clock, delay: Duration, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled(signal));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(cancelled(signal as AbortSignal));
    };
    const timer = clock.schedule(delay, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });

/**
 * Runs `work` with a signal that aborts after `limit` or when `parent` does, and does not wait for `work` beyond that.
 *
 * @throws PosternError `deadline-exceeded` naming `what`, or `cancelled`
 */
export const withDeadline = async <T>(
  clock: Clock,
  limit: Duration,
  what: string,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  throwIfCancelled(parent);
  const controller = new AbortController();
  let rejectGuard: (error: unknown) => void = () => {};
  const guard = new Promise<never>((_, reject) => {
    rejectGuard = reject;
  });
  const stop = (error: PosternError<CancellationCode>): void => {
    controller.abort(error);
    rejectGuard(error);
  };
  const onAbort = (): void => stop(cancelled(parent as AbortSignal));
  parent?.addEventListener('abort', onAbort, { once: true });
  const timer = clock.schedule(limit, () =>
    stop(new PosternError('deadline-exceeded', `${what} took longer than ${limit} ms`)),
  );
  try {
    return await Promise.race([work(controller.signal), guard]);
  } finally {
    timer.cancel();
    parent?.removeEventListener('abort', onAbort);
  }
};

/** Resolves `true` when the signal aborts or `false` after `delay`; never rejects. For loops that wait between rounds. */
export const stoppedWithin = async (clock: Clock, delay: Duration, signal: AbortSignal): Promise<boolean> => {
  try {
    await sleep(clock, delay, signal);
    return false;
  } catch {
    return true;
  }
};
