import type { OperatorClient, UpdateView } from '@postern/management-server/client';
import type { UpdatePrinter } from './output/update-printer.ts';

/** How often a broken event stream is taken up again before the watcher gives up. */
const MOST_RECONNECTIONS = 100;

/** Shows an update's events until it has finished; a broken stream is taken up where it broke. */
export const watchUpdate = async (
  client: OperatorClient,
  id: string,
  printer: UpdatePrinter,
  signal: AbortSignal,
  endEvent = 'update-finished',
): Promise<UpdateView> => {
  let lastEventId: string | undefined;
  for (let round = 0; round < MOST_RECONNECTIONS; round++) {
    for await (const event of client.watch(id, signal, lastEventId)) {
      if (event.type === 'finished') return finished(printer, event.update, endEvent);
      if (event.type === 'progress') printer.progress(event.progress);
      if (event.type === 'step') {
        lastEventId = event.id;
        printer.step(event.step);
      }
    }
    signal.throwIfAborted();
  }
  return finished(printer, await client.update(id), endEvent);
};

const finished = (printer: UpdatePrinter, update: UpdateView, event: string): UpdateView => {
  const { id, deviceId, state, failure, assurance, credential, reported } = update;
  const versions = reported.map(({ component, version }) => `${component} ${version}`).join(', ');
  const reason = failure === null ? '' : ` (${failure.code}: ${failure.message})`;
  printer.line(`Update ${id} of ${deviceId}: ${state}${reason}${versions ? ` — ${versions}` : ''}`, {
    event,
    state,
    updateId: id,
    deviceId,
    assurance,
    credential,
    reported,
    failure,
  });
  return update;
};
