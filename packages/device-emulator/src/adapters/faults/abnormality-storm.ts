import { type Clock, Seconds, stoppedWithin } from '@postern/core';
import type { CurrentFaults } from '../../domain/faults.ts';

/** Different ones, so that a later one does not take the place of an earlier one that waits. */
const CODES = 16;

/**
 * The fault `abnormalityStorm`: reports abnormalities, one after the other, until the device goes down. Never rejects.
 *
 * @param report reports one; resolves when it is on its way
 */
export const abnormalityStorm = async (
  clock: Clock,
  signal: AbortSignal,
  faults: CurrentFaults,
  report: (code: string, text: string) => Promise<void>,
): Promise<void> => {
  for (let number = 0; !signal.aborted; number += 1) {
    const rate = faults().abnormalityStorm;
    if (rate === undefined) return;
    await report(`storm-${number % CODES}`, `Abnormality ${number} of a storm`);
    if (await stoppedWithin(clock, Seconds(1 / rate), signal)) return;
  }
};
