import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readNvRam, writeNvRam } from '../src/adapters/flash/nv-ram.ts';
import { afterwards, temporaryDirectory } from './support/temporary.ts';

const SCRIPT = fileURLToPath(new URL('support/count-requests.mjs', import.meta.url));

/** Lets the built device carry out requests until so many are durable, then kills it. Gives the last it told of. */
const killedAfter = async (directory: string, requests: number): Promise<string> => {
  const child: ChildProcess = spawn(process.execPath, [SCRIPT, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterwards(async () => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let last = '';
  let told = 0;
  if (child.stdout === null) throw new TypeError('The child has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    told += 1;
    if (told === requests) child.kill('SIGKILL');
  }
  await ended;
  return last;
};

/** @spec X6 R1 */
test('kill -9 parts no request from what it changed', async () => {
  const directory = await temporaryDirectory();
  await writeNvRam(directory, { counters: {}, parameters: {}, ports: {} });
  for (const requests of [1, 7, 9]) {
    const last = await killedAfter(directory, requests);
    const { counters, rememberedRequests = [] } = await readNvRam(directory);
    // Each request counts one up: there are never more changes than requests, nor fewer.
    expect(counters['count']).toBe(rememberedRequests.length);
    expect(rememberedRequests.map(({ id }) => id)).toContain(last);
    expect(new Set(rememberedRequests.map(({ id }) => id)).size).toBe(rememberedRequests.length);
  }
}, 30_000);
