import type { uplink } from '@postern/contracts';
import { PosternError } from '@postern/core';
import type { StepView, UpdateView } from '../adapters/rest/views.ts';

/** What a watcher is told of an update. `id` of a step is the place to go on from. */
export type UpdateEvent =
  | { readonly type: 'step'; readonly id: string; readonly step: StepView }
  | { readonly type: 'progress'; readonly progress: uplink.Progress }
  | { readonly type: 'finished'; readonly update: UpdateView };

/** Longest event, in characters. */
const LONGEST_EVENT = 1_048_576;

/** Reads server-sent events (WHATWG HTML, section 9.2) of an update; comments and unknown events are passed over. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<UpdateEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    if (pending.length > LONGEST_EVENT) throw new PosternError('response-too-large', 'An event is too long');
    const blocks = pending.split(/\r?\n\r?\n/);
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event === undefined) continue;
      yield event;
      if (event.type === 'finished') return;
    }
  }
}

const parseEvent = (block: string): UpdateEvent | undefined => {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, `${fields.get(name) ?? ''}${value ?? ''}`);
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  switch (fields.get('event')) {
    case 'step':
      return { type: 'step', id: fields.get('id') ?? '', step: JSON.parse(data) };
    case 'progress':
      return { type: 'progress', progress: JSON.parse(data) };
    case 'finished':
      return { type: 'finished', update: JSON.parse(data) };
    default:
      return undefined;
  }
};
