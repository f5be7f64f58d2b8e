import type { device } from '@postern/contracts';
import type { NvRamContent } from '../adapters/flash/nv-ram.ts';
import type { SystemControl } from '../control/system-control.ts';
import type { Panel } from '../domain/panel.ts';
import { withCall } from '../domain/service-calls.ts';

/** NV-RAM with a result that comes by itself: it ends the call that was made here, however long ago that was. */
export const withResult = (
  content: NvRamContent,
  { inReplyTo, outcome }: Pick<device.ShowResult, 'inReplyTo' | 'outcome'>,
): NvRamContent => {
  const calls = content.calls ?? [];
  const call = calls.find(({ callId }) => callId === inReplyTo);
  return call === undefined ? content : { ...content, calls: withCall(calls, { ...call, outcome }) };
};

/**
 * Shows a result on the panel, once NV-RAM knows it: with the last steps of a call (S707, S708) if it is that of one.
 *
 * @spec R6 R7
 */
export const showResult = (
  system: SystemControl,
  panel: Panel,
  { inReplyTo, outcome, text }: device.ShowResult,
): void => {
  const ends = outcome !== 'pending' && system.calls.some(({ callId }) => callId === inReplyTo);
  if (ends) system.step('S707', inReplyTo);
  panel.show(text);
  if (ends) system.step('S708', inReplyTo);
};
