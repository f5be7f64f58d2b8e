import type { device } from '@postern/contracts';
import type { SystemControl } from '../control/system-control.ts';
import type { Panel } from '../domain/panel.ts';

/**
 * A result for the panel. That of a call which was made here (S707, S708) also ends the call, however long ago that was.
 *
 * @spec R6 R7
 */
export const showResult = async (
  system: SystemControl,
  panel: Panel,
  { inReplyTo, outcome, text }: device.ShowResult,
): Promise<void> => {
  const ofCall = await system.resultCame(inReplyTo, outcome);
  if (ofCall && outcome !== 'pending') system.step('S707', inReplyTo);
  panel.show(text);
  if (ofCall && outcome !== 'pending') system.step('S708', inReplyTo);
};
