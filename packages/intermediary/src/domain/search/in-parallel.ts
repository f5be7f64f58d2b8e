import { throwIfCancelled } from '@postern/core';

/**
 * Does something for each item, a few at a time.
 *
 * @param signal no further item is begun once it aborts
 * @throws what the first failure threw, once all that had begun have ended; `cancelled`
 */
export const inParallel = async <T>(
  items: readonly T[],
  atATime: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      throwIfCancelled(signal);
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(atATime, items.length) }, worker));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
};
