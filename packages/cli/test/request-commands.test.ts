import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, systemClock } from '@postern/core';
import { commandLine } from './support/command-line.ts';
import { servedSite } from './support/served-site.ts';

let world: Awaited<ReturnType<typeof servedSite>>;
const { output, errors, printed, ...line } = commandLine();

const path = (name: string): string => world.path(name);
const poll = (changes: Partial<uplink.Poll> = {}) => world.poll(changes);
const postern = (...argv: string[]) => line.postern(...argv, ...world.connection);

beforeAll(async () => {
  world = await servedSite(['printer-1', 'printer-2']);
});
afterAll(() => world.close());

type Answering = (request: uplink.Request) => uplink.ResponseBody;

/** Answers the next requests that go down, so many, each as it is told. @returns them */
const siteAnswers = async (count: number, answering: Answering): Promise<readonly uplink.Request[]> => {
  const seen: uplink.Request[] = [];
  while (seen.length < count) {
    const down = (await poll({ holdSeconds: 30 })).requests?.request ?? [];
    const response = down.map((request) => ({
      requestId: request.requestId,
      at: Instant(systemClock.now()),
      body: answering(request),
    }));
    seen.push(...down);
    if (response.length > 0) await poll({ responses: { response }, capacity: 0 });
  }
  return seen;
};
const copies = (value: number): uplink.ResponseBody => ({
  kind: 'GetCountersResponse',
  value: { counters: { item: [{ name: 'copies', value }] } },
});
const unreachable: uplink.ResponseBody = {
  kind: 'Failure',
  value: { code: 'device-unreachable', message: 'it does not answer' },
};

/** @spec R5 */
test('counters of all devices of a site: a line for each, exit code 0 when all have answered', async () => {
  const done = postern('request', 'get-counters', '--all-of', 'site-a', 'names=copies');
  const requests = await siteAnswers(2, ({ target }) => copies(target === 'printer-1' ? 12 : 7));
  expect(await done).toBe(0);
  expect(requests[0]?.body).toEqual({ kind: 'GetCounters', value: { names: { name: ['copies'] } } });
  expect(output.join('')).toBe(
    [
      'TARGET     STATE     RESULT',
      'printer-1  answered  copies=12',
      'printer-2  answered  copies=7',
      '',
    ].join('\n'),
  );
  expect(errors.join('')).toContain('0 of 2 have ended');
  expect(errors.join('')).toContain('2 of 2 have ended');
});

test('exit code 1 when one has not answered, and why', async () => {
  const done = postern('request', 'get-counters', 'printer-1', 'printer-2');
  await siteAnswers(2, ({ target }) => (target === 'printer-1' ? copies(1) : unreachable));
  expect(await done).toBe(1);
  expect(output.join('')).toContain('printer-2  unreachable  device-unreachable: it does not answer');
});

/** @spec I1 I2 */
test('arguments as options; one target alone shows its whole answer, without its control characters', async () => {
  const done = postern(
    'request',
    'execute-command',
    'printer-1',
    '--command',
    'status',
    '--arguments',
    'depth=2',
  );
  const value = { output: 'all\u009b31m well\nuntil now' };
  const [request] = await siteAnswers(1, () => ({ kind: 'ExecuteCommandResponse', value }));
  expect(await done).toBe(0);
  expect(request?.body.value).toEqual({
    command: 'status',
    arguments: { item: [{ name: 'depth', value: '2' }] },
  });
  expect(output.join('')).toBe('printer-1: answered\n  all 31m well\n  until now\n');
});

test('ordered without waiting: found by show and list, called off by withdraw', async () => {
  expect(
    await postern(
      'request',
      'set-parameters',
      'printer-1',
      'printer-2',
      'location=2nd floor',
      '--no-wait',
      '--json',
    ),
  ).toBe(0);
  const { id } = printed<{ id: string }>();
  expect(printed()).toMatchObject({ arguments: { parameters: [{ name: 'location', value: '2nd floor' }] } });
  expect(await postern('request', 'list', '--order', id, '--kind', 'set-parameters', '--json')).toBe(0);
  expect(printed()).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
  const [{ id: first }] = printed<[{ id: string }]>();
  expect(await postern('request', 'withdraw', first)).toBe(0);
  expect(await postern('request', 'withdraw', id, '--json')).toBe(0);
  expect(printed()).toMatchObject([{ order: id, state: 'withdrawn', target: 'printer-1' }]);
  expect(await postern('request', 'withdraw', id)).toBe(1);
  expect(errors.join('')).toContain('nothing-to-withdraw');
  expect(await postern('request', 'show', id)).toBe(0);
  expect(output.join('')).toMatch(/printer-1 +withdrawn/);
  expect(await postern('request', 'show', first)).toBe(0);
  expect(output.join('')).toBe('printer-2: withdrawn\n');
  expect(await postern('request', 'show', 'nothing')).toBe(1);
  expect(errors.join('')).toContain('request-unknown');
});

test('interrupted, the request goes on, and it is said how to look', async () => {
  const done = postern('request', 'confirm-alive', 'printer-1');
  const requestId = (await poll({ holdSeconds: 30 })).requests?.request[0]?.requestId ?? '';
  process.emit('SIGINT');
  expect(await done).toBe(130);
  expect(errors.join('')).toMatch(/The requests go on; .*postern request show [0-9a-f]{32}/);
  const value = { startedAt: Instant(0), state: 'ready' as const };
  const body = { kind: 'ConfirmAliveResponse' as const, value };
  await poll({ responses: { response: [{ requestId, at: Instant(0), body }] } });
  expect(await postern('request', 'show', requestId)).toBe(0);
  expect(output.join('')).toContain('state=ready');
});

/** @spec I3 */
test('a file of any length goes to a device in parts, and comes back whole', async () => {
  const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  await writeFile(path('settings.bin'), content);
  const received: Uint8Array[] = [];
  let length = 0;
  const writing = postern(
    'request',
    'write-file',
    'printer-1',
    '--file',
    path('settings.bin'),
    'name=settings',
  );
  const parts = await siteAnswers(3, ({ body }) => {
    if (body.kind !== 'WriteFile') throw new TypeError(body.kind);
    received.push(body.value.content);
    length += body.value.content.length;
    return { kind: 'WriteFileResponse', value: { received: length, complete: length === content.length } };
  });
  expect(await writing).toBe(0);
  expect(Buffer.concat(received).equals(content)).toBe(true);
  const { sha256 } = (parts[0]?.body.value ?? {}) as { sha256: string };
  expect(parts.map(({ body }) => (body.value as { offset: number }).offset)).toEqual([0, 49_152, 98_304]);

  const file = { name: 'settings', length: content.length, sha256, modifiedAt: Instant(0) };
  const reading = postern('request', 'read-file', 'printer-1', 'name=settings', '--out', path('copy.bin'));
  await siteAnswers(3, ({ body }) => {
    const { offset = 0 } = body.value as { offset?: number };
    return {
      kind: 'ReadFileResponse',
      value: { file, content: content.subarray(offset, offset + 49_152) },
    };
  });
  expect(await reading).toBe(0);
  expect((await readFile(path('copy.bin'))).equals(content)).toBe(true);

  const damaged = postern('request', 'read-file', 'printer-1', 'name=settings', '--out', path('other.bin'));
  const wrong = { ...file, length: 1 };
  await siteAnswers(1, () => ({
    kind: 'ReadFileResponse',
    value: { file: wrong, content: Buffer.from('x') },
  }));
  expect(await damaged).toBe(1);
  expect(errors.join('')).toContain('file-changed');
  await expect(readFile(path('other.bin'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each<[string, string[], number, string]>([
  ['no target', ['get-counters'], 1, 'targets-missing'],
  ['targets and a selection', ['get-counters', 'printer-1', '--model', 'MFP-1'], 1, 'targets-missing'],
  ['an unknown argument', ['get-counters', 'printer-1', 'colour=red'], 1, 'argument-invalid'],
  ['a missing argument', ['execute-command', 'printer-1'], 1, 'argument-invalid'],
  ['a wrong time', ['collect-logs', 'printer-1', '--since', 'yesterday'], 1, 'argument-invalid'],
  [
    '--file with other arguments',
    ['write-file', 'printer-1', '--file', 'x', 'offset=1'],
    1,
    'argument-invalid',
  ],
  ['--out without a name', ['read-file', 'printer-1', '--out', 'x'], 1, 'argument-invalid'],
  ['an unknown device', ['get-counters', 'printer-9'], 1, 'device-unknown'],
  ['a device where an intermediary belongs', ['get-connections', 'printer-1'], 1, 'target-unsuitable'],
  [
    'mail to a site without an address',
    ['get-counters', 'printer-1', '--via', 'mail'],
    1,
    'mail-not-configured',
  ],
  [
    'a way that there is not',
    ['get-counters', 'printer-1', '--via', 'pigeon'],
    2,
    'Allowed choices are poll, mail',
  ],
  ['an unknown kind', ['get-everything', 'printer-1'], 2, 'unknown command'],
  ['a selection for intermediaries', ['get-connections', '--model', 'MFP-1'], 2, 'unknown option'],
  ['an unknown kind in a list', ['list', '--kind', 'get-everything'], 1, 'request-kind-unknown'],
  ['an unknown state in a list', ['list', '--state', 'lost'], 1, 'request-invalid'],
])('%s is refused, and nothing goes down', async (_, argv, exitCode, message) => {
  expect(await postern('request', ...argv)).toBe(exitCode);
  expect(errors.join('')).toContain(message);
  expect((await poll()).requests).toBeUndefined();
});
