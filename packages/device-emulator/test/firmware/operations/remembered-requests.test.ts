import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { MOST_REMEMBERED, requestDigest } from '../../../src/domain/remembered-requests.ts';
import { CALL, remoteOf, type TestRemote, testMemory } from '../../support/remote.ts';

const hello = Buffer.from('hello');
const sha256 = createHash('sha256').update(hello).digest('hex');

/** Every operation that changes something, as a request with the identifier r-1. */
const REQUESTS: Readonly<Record<string, (device: TestRemote) => Promise<unknown>>> = {
  SetParameters: ({ operations }) =>
    operations.SetParameters(
      { parameters: { item: [{ name: 'location', value: 'Hall' }] }, requestId: 'r-1' },
      CALL,
    ),
  'ExecuteCommand (counter)': ({ operations }) =>
    operations.ExecuteCommand({ command: 'reset-copies', requestId: 'r-1' }, CALL),
  'ExecuteCommand (restart)': ({ operations }) =>
    operations.ExecuteCommand({ command: 'restart', requestId: 'r-1' }, CALL),
  SetApplication: ({ operations }) =>
    operations.SetApplication({ name: 'copier', state: 'stopped', requestId: 'r-1' }, CALL),
  ShowResult: ({ operations }) =>
    operations.ShowResult(
      { inReplyTo: 'call-1', outcome: 'succeeded', text: 'Done', requestId: 'r-1' },
      CALL,
    ),
  WriteFile: ({ operations }) =>
    operations.WriteFile({ name: 'f', length: 5, sha256, offset: 0, content: hello, requestId: 'r-1' }, CALL),
  DeleteFile: ({ operations }) => operations.DeleteFile({ name: 'old', requestId: 'r-1' }, CALL),
};

const before = {
  counters: { 'copied-pages': 5 },
  parameters: {},
  ports: {},
  files: { old: { length: 5, sha256, modifiedAt: 0 as never } },
};

/** @spec R1 */
describe.each(Object.entries(REQUESTS))('%s', (_, request) => {
  test('is carried out once, however often it comes', async () => {
    const device = remoteOf({ memory: testMemory(before) });
    const [first, second] = await Promise.all([request(device), request(device)]);
    const third = await request(device);
    await device.clock.advance(Seconds(1));
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(device.memory.writes).toBe(1);
    expect(device.done.length).toBeLessThanOrEqual(1);
  });

  /** @spec X6 */
  test('is known after a power cut that came with its write, and new after one that came before', async () => {
    const sound = remoteOf({ memory: testMemory(before) });
    const expected = await request(sound);
    for (const breaks of ['before', 'after'] as const) {
      const memory = testMemory(before);
      memory.breaks = breaks;
      const first = remoteOf({ memory });
      await expect(request(first)).rejects.toThrow('The power went');
      expect(first.done).toEqual([]);
      const second = remoteOf({ memory, contents: first.contents });
      expect(await request(second)).toEqual(expected);
      expect(memory.writes).toBe(1);
      expect(memory.content).toEqual(sound.memory.content);
    }
  });

  test('without an identifier is carried out anew', async () => {
    const device = remoteOf({ memory: testMemory(before) });
    await request(device);
    expect(device.memory.content.rememberedRequests).toHaveLength(1);
  });
});

/** @spec R1 */
describe('the identifier of a request', () => {
  const show = ({ operations }: TestRemote, text: string, requestId?: string) =>
    operations.ShowResult(
      { inReplyTo: 'c', outcome: 'failed', text, ...(requestId === undefined ? {} : { requestId }) },
      CALL,
    );

  test('stands for one content and one operation', async () => {
    const device = remoteOf();
    await show(device, 'a', 'r-1');
    await expect(show(device, 'b', 'r-1')).rejects.toMatchObject({ code: 'request-id-reused' });
    await expect(device.operations.DeleteFile({ name: 'a', requestId: 'r-1' }, CALL)).rejects.toMatchObject({
      code: 'request-id-reused',
    });
    expect(device.done).toEqual(['panel a']);
    expect(device.memory.writes).toBe(1);
  });

  test('may be absent; then nothing is remembered', async () => {
    const device = remoteOf();
    await show(device, 'a');
    await show(device, 'a');
    expect(device.done).toEqual(['panel a', 'panel a']);
    expect(device.memory.content.rememberedRequests).toBeUndefined();
  });

  test('is kept for the latest requests only', async () => {
    const device = remoteOf();
    for (let number = 0; number <= MOST_REMEMBERED; number += 1) await show(device, 'a', `r-${number}`);
    expect(device.memory.content.rememberedRequests).toHaveLength(MOST_REMEMBERED);
    expect(device.memory.content.rememberedRequests?.[0]?.id).toBe('r-1');
  });

  test('of a refused request is free: the request may come again', async () => {
    const device = remoteOf();
    const run = (command: string) => device.operations.ExecuteCommand({ command, requestId: 'r-1' }, CALL);
    await expect(run('explode')).rejects.toMatchObject({ code: 'command-unknown' });
    await expect(run('identify')).resolves.toMatchObject({ output: expect.any(String) });
  });

  test('waits in a queue that has an end', async () => {
    const device = remoteOf();
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, at) => show(device, 'a', `r-${at}`)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    expect(results.at(-1)).toMatchObject({ reason: { code: 'too-many-requests' } });
    await expect(show(device, 'a', 'r-99')).resolves.toEqual({});
  });
});

test('the digest of a request counts its bytes and names, not their order or what is absent', () => {
  const digest = (content: object) => requestDigest('WriteFile', content);
  expect(digest({ a: 1, b: Buffer.from('x') })).toBe(
    digest({ b: new Uint8Array([0x78]), a: 1, c: undefined }),
  );
  expect(digest({ a: [1, 2] })).not.toBe(digest({ a: [2, 1] }));
  expect(digest({ a: Buffer.from('x') })).not.toBe(digest({ a: Buffer.from('y') }));
  expect(digest({})).not.toBe(requestDigest('DeleteFile', {}));
});
