import type { uplink } from '@postern/contracts';
import type { StepView, UpdateView } from '../use-cases/views.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** What a watcher is told of an update. `id` of a step is the place to go on from. */
export type UpdateEvent =
  | { readonly type: 'step'; readonly id: string; readonly step: StepView }
  | { readonly type: 'progress'; readonly progress: uplink.Progress }
  | { readonly type: 'finished'; readonly update: UpdateView };

/** Reads the events of an update until it has finished; unknown ones are passed over. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<UpdateEvent> {
  for await (const { type, id, data } of serverSentEvents(body)) {
    if (type === 'step') yield { type, id, step: data as StepView };
    if (type === 'progress') yield { type, progress: data as uplink.Progress };
    if (type === 'finished') {
      yield { type, update: data as UpdateView };
      return;
    }
  }
}
