import { Seconds } from '@postern/core';
import { z } from 'zod';
import type { WaitingReads } from '../domain/waiting-reads.ts';

/** Whoever waits for an answer, over whichever interface. */
export interface Caller {
  /** Aborts when nobody waits any more. May be made on first use: most answers are not held. */
  readonly signal: AbortSignal;
}

/** Below the time after which a silent connection is cut. Seconds. */
const LONGEST_WAIT = 50;

/** How long an answer is held. Seconds. */
export const wait = z.coerce.number().int().min(0).max(LONGEST_WAIT).default(0);

/** Holds an answer while something is open, no longer than the caller wants to wait or is there. */
export const holdUntil = async (
  reads: WaitingReads,
  id: string,
  isOver: () => boolean,
  seconds: number,
  caller: Caller,
): Promise<void> => {
  if (isOver() || seconds === 0) return;
  await reads.until(id, isOver, Seconds(seconds), caller.signal);
};
