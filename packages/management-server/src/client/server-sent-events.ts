import { PosternError } from '@postern/core';

/** One server-sent event. */
export interface ServerSentEvent {
  readonly type: string;
  /** The place to go on from; empty where there is none. */
  readonly id: string;
  /** Parsed. */
  readonly data: unknown;
}

/** Longest event, in characters. */
const LONGEST_EVENT = 1_048_576;

/** Reads server-sent events (WHATWG HTML, section 9.2) whose data is JSON; comments are passed over. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    if (pending.length > LONGEST_EVENT) throw new PosternError('response-too-large', 'An event is too long');
    const blocks = pending.split(/\r?\n\r?\n/);
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

const parseEvent = (block: string): ServerSentEvent | undefined => {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, `${fields.get(name) ?? ''}${value ?? ''}`);
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { type: fields.get('event') ?? '', id: fields.get('id') ?? '', data: JSON.parse(data) };
};
