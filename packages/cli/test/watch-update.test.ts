import { expect, test } from '@jest/globals';
import { PosternError } from '@postern/core';
import type { OperatorClient, UpdateEvent, UpdateView } from '@postern/management-server/client';
import type { UpdatePrinter } from '../src/output/update-printer.ts';
import { watchUpdate } from '../src/watch-update.ts';

const step = (id: string, name: string) =>
  ({ type: 'step', id, step: { step: name } }) as unknown as UpdateEvent;
const end = {
  type: 'finished',
  update: { id: 'u', deviceId: 'd', state: 'verified', reported: [], failure: null } as unknown as UpdateView,
} as const;

const recorder = () => {
  const seen: string[] = [];
  const printer: UpdatePrinter = {
    line: (_text, event) => seen.push((event as { event: string }).event),
    step: (shown) => seen.push(shown.step),
    progress: () => seen.push('progress'),
  };
  return { seen, printer };
};

test('a stream that breaks is taken up behind the last step that was shown', async () => {
  const asked: (string | undefined)[] = [];
  const client = {
    async *watch(_id: string, _signal: AbortSignal, lastEventId?: string) {
      asked.push(lastEventId);
      if (asked.length === 1) {
        yield step('7', 'S101');
        throw new PosternError('unreachable', 'other side closed');
      }
      yield step('8', 'S102');
      yield end;
    },
  } as unknown as OperatorClient;
  const { seen, printer } = recorder();
  await watchUpdate(client, 'u', printer, new AbortController().signal);
  expect(asked).toEqual([undefined, '7']);
  expect(seen).toEqual(['S101', 'S102', 'update-finished']);
});

test.each([
  ['a refusal', 'update-unknown'],
  ['an untrusted server', 'tls-refused'],
])('%s ends the watch', async (_, code) => {
  const client = {
    // biome-ignore lint/correctness/useYield: a stream that fails before its first event
    async *watch() {
      throw new PosternError(code, 'no');
    },
  } as unknown as OperatorClient;
  const watching = watchUpdate(client, 'u', recorder().printer, new AbortController().signal);
  await expect(watching).rejects.toMatchObject({ code });
});
