import { type Clock, type Entropy, errorCode, randomFraction, sleep } from '@postern/core';
import { pauseAfter } from '../domain/backoff.ts';

/**
 * Asks again, with growing pauses, until somebody has answered: an error that is an answer is thrown on.
 *
 * @param onUnanswered told of every try that nobody answered
 * @throws PosternError `cancelled` with the signal, and what `ask` throws when that is an answer
 */
export const untilAnswered = async <T>(
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
  onUnanswered: (error: unknown) => void,
): Promise<T> => {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask(signal);
    } catch (error) {
      if (signal.aborted || !isUnanswered(errorCode(error, ''))) throw error;
      onUnanswered(error);
    }
    await sleep(clock, pauseAfter(failures, randomFraction(entropy)), signal);
  }
};

/** Whether nobody can be known to have answered. */
export const isUnanswered = (code: string): boolean =>
  ['unreachable', 'connection-lost', 'link-refused', 'deadline-exceeded', 'cancelled'].includes(code);
