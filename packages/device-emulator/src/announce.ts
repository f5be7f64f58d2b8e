import {
  type Clock,
  type Entropy,
  errorCode,
  errorMessage,
  type Logger,
  randomFraction,
  stoppedWithin,
} from '@postern/core';
import { pauseAfter } from './domain/backoff.ts';

export interface AnnounceContext {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/**
 * Repeats a notice until it is accepted or the device stops; the pauses grow. Never rejects.
 *
 * @param send rejects when the notice was not accepted
 * @returns whether it was accepted
 * @spec U6
 */
export const announce = async (
  what: string,
  { clock, entropy, logger }: AnnounceContext,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> => {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await send(signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      failures += 1;
      logger.warn(`${what} was not accepted`, {
        code: errorCode(error, 'internal-error'),
        reason: errorMessage(error),
        ...hintOf(error),
        failures,
      });
    }
    if (await stoppedWithin(clock, pauseAfter(failures, randomFraction(entropy)), signal)) return false;
  }
  return false;
};

const hintOf = (error: unknown): { readonly hint?: string } =>
  typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string'
    ? { hint: error.hint }
    : {};
