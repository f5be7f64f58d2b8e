import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fleetOptions, openFleetFiles } from './support/fleet-files.ts';
import { killing, type Workplace } from './support/workplace.ts';

const POSTERN = fileURLToPath(new URL('../bin/postern.js', import.meta.url));

let place: Workplace;
beforeAll(async () => {
  place = await openFleetFiles();
});
afterAll(() => place.close());

/** Calls for service at a device of a process, then looks at its panel. @returns the lines of standard output until then */
const called = async (...options: readonly string[]): Promise<readonly string[]> => {
  const argv = [POSTERN, 'device', ...fleetOptions(place, 1), '--interactive', ...options];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  await place.running(killing(child));
  const exit = once(child, 'exit');
  const lines: string[] = [];
  let isAsked = false;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!isAsked && /ready/i.test(line)) {
      isAsked = true;
      child.stdin.write('{"command":"call-service","device":"mfp-1","reason":"noise"}\n');
      child.stdin.write('{"command":"energy-saver","device":"mfp-1"}\n');
    }
    if (/energy-saver|saving|awake/.test(line)) break;
  }
  child.kill();
  await exit;
  return lines;
};

test('--steps prints the steps that a process takes, as events with --json; without it none is printed', async () => {
  const told = (await called('--json', '--steps')).map((line) => JSON.parse(line) as { event: string });
  expect(told).toContainEqual(expect.objectContaining({ event: 'step', step: 'S701', node: 'mfp-1' }));
  expect((await called('--json')).filter((line) => line.includes('S701'))).toEqual([]);
}, 60_000);
