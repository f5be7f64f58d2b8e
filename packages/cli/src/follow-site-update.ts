import type { WireEvent, WireUpdate } from '@postern/intermediary/operation';
import type { UpdatePrinter } from './output/update-printer.ts';

/**
 * Shows an update of a site to its end.
 *
 * @param events from the operation port, or from the engine in this process
 * @returns undefined when the events end before the update does
 */
export const showSiteUpdate = async (
  events: AsyncIterable<WireEvent>,
  printer: UpdatePrinter,
  onStep: (sequence: number) => void = () => {},
): Promise<WireUpdate | undefined> => {
  for await (const event of events) {
    if (event.type === 'progress') printer.progress(event.progress);
    if (event.type === 'step') {
      printer.step(event.step);
      onStep(event.step.sequence);
    }
    if (event.type === 'finished') {
      printer.line(siteUpdateLine(event.update), { event: 'update-finished', ...event.update });
      return event.update;
    }
  }
  return undefined;
};

/** 0 for `verified` and `not-required`, as `postern update watch` has it. */
export const exitCodeOf = (update: WireUpdate | undefined): number =>
  update?.state === 'verified' || update?.state === 'not-required' ? 0 : 1;

export const siteUpdateLine = ({
  id,
  deviceId,
  state,
  failure,
  reported,
  gaps,
  credential,
}: WireUpdate): string => {
  const versions = reported.map(({ component, version }) => `${component} ${version}`).join(', ');
  return [
    `Update ${id} of ${deviceId}: ${state}`,
    failure === null ? '' : ` (${failure.code}: ${failure.message})`,
    versions === '' ? '' : ` — ${versions}`,
    gaps.length === 0 ? '' : `; without: ${gaps.join(', ')}`,
    credential === 'owed' ? '; its password is erased when the device is back' : '',
  ].join('');
};
