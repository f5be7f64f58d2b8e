import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fleetOptions, openFleetFiles } from './support/fleet-files.ts';
import { killing, type Workplace } from './support/workplace.ts';

const POSTERN = fileURLToPath(new URL('../bin/postern.js', import.meta.url));
const COUNT = 60;

/** Longest that an interrupted fleet of this size may take to end, in milliseconds. */
const END_LIMIT = 5_000;

let place: Workplace;
beforeEach(async () => {
  place = await openFleetFiles();
});
afterEach(() => place.close());

interface Ending {
  /** What was told, as `STAGE DEVICES`; `ready` last. */
  readonly told: readonly string[];
  readonly exitCode: unknown;
  /** From the signal to the end, in milliseconds. */
  readonly took: number;
}

/** Runs the fleet until something is told, then sends the signal. */
const interruptedAt = async (moment: RegExp, signal: 'SIGINT' | 'SIGTERM'): Promise<Ending> => {
  const argv = [POSTERN, 'device', ...fleetOptions(place, COUNT), '--json'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await place.running(killing(child));
  const exit = once(child, 'exit');
  const told: string[] = [];
  let signalled = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event: { event: string; stage?: string; devices?: unknown } = JSON.parse(line);
    if (event.event === 'device') continue;
    told.push(event.event === 'progress' ? `${event.stage} ${String(event.devices)}` : event.event);
    if (signalled === 0 && moment.test(told.at(-1) ?? '')) {
      signalled = performance.now();
      child.kill(signal);
    }
  }
  const [exitCode] = await exit;
  return { told, exitCode, took: performance.now() - signalled };
};

const serialOf = async (device: string): Promise<string> =>
  readFile(join(place.path('identities'), device, 'node.pem'), 'utf8');

/** @spec X6 */
test('a fleet that is interrupted while it is made, started or run ends soon, and goes on with what was made', async () => {
  const making = await interruptedAt(/^made 3$/, 'SIGTERM');
  expect(making).toMatchObject({ exitCode: 130 });
  const first = await serialOf('mfp-1');

  const starting = await interruptedAt(/^started 3$/, 'SIGINT');
  expect(starting).toMatchObject({ exitCode: 130 });
  expect(starting.told).toContain('made 60');
  expect(starting.told).not.toContain('ready');

  const running = await interruptedAt(/^ready$/, 'SIGTERM');
  expect(running).toMatchObject({ exitCode: 0 });
  expect(running.told.slice(-2)).toEqual(['started 60', 'ready']);
  expect(await serialOf('mfp-1')).toBe(first);
  for (const { took } of [making, starting, running]) expect(took).toBeLessThan(END_LIMIT);
}, 120_000);
