import { errorCode, Seconds, sleep, systemClock } from '@postern/core';
import type { OperatorClient, UpdateView } from '@postern/management-server/client';
import { resultLines } from './output/result-lines.ts';
import type { UpdatePrinter } from './output/update-printer.ts';

/** How often in a row the server may be out of reach before the watcher gives up, and how long it waits in between. */
const MOST_FAILURES = 60;
const PAUSE = Seconds(1);

/**
 * Shows an update's events until it has finished. A stream that breaks, because the server restarts for instance, is
 * taken up where it broke.
 *
 * @throws PosternError `cancelled` when the signal aborts, `unreachable` when the server stays away
 */
export const watchUpdate = async (
  client: OperatorClient,
  id: string,
  printer: UpdatePrinter,
  signal: AbortSignal,
  endEvent = 'update-finished',
): Promise<UpdateView> => {
  let lastEventId: string | undefined;
  for (let failures = 0; ; ) {
    try {
      for await (const event of client.watch(id, signal, lastEventId)) {
        failures = 0;
        if (event.type === 'finished') return finished(printer, event.update, endEvent);
        if (event.type === 'progress') printer.progress(event.progress);
        if (event.type === 'step') {
          lastEventId = event.id;
          printer.step(event.step);
        }
      }
    } catch (error) {
      if (errorCode(error, '') !== 'unreachable' || failures >= MOST_FAILURES) throw error;
    }
    failures += 1;
    await sleep(systemClock, PAUSE, signal);
  }
};

const finished = (printer: UpdatePrinter, update: UpdateView, event: string): UpdateView => {
  const { id, deviceId, state, failure, assurance, gaps, credential, orderedBy, software, reported } = update;
  const versions = reported.map(({ component, version }) => `${component} ${version}`).join(', ');
  const reason = failure === null ? '' : ` (${failure.code}: ${failure.message})`;
  const headline = `Update ${id} of ${deviceId}: ${state}${reason}${versions ? ` — ${versions}` : ''}`;
  printer.line([headline, ...resultLines(update)].join('\n'), {
    event,
    state,
    updateId: id,
    deviceId,
    orderedBy,
    software,
    assurance,
    gaps,
    credential,
    reported,
    failure,
  });
  return update;
};
