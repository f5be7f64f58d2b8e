import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock, systemEntropy } from '@postern/core';
import { startTopology, type TopologyOptions } from '@postern/testbed';
import { FACTORY, PRINTER } from '../support/printer-site.ts';
import { ROOT } from '../support/root.ts';
import { ONLY } from './fault-tests.ts';

const SITES = [{ name: 'site-a' }];
const never = (): Promise<never> => Promise.reject(new Error('This is never started'));
const site = (rest: Partial<TopologyOptions['sites'][number]>) => ({ sites: [{ name: 'site-a', ...rest }] });

/** What a topology is asked for that its run kind has not. Nothing of it is ignored, and nothing has been started. */
test.each<[NonNullable<TopologyOptions['run']>, string, Partial<TopologyOptions>]>([
  ['virtual', 'directory', { directory: '/nowhere' }],
  ['virtual', 'taps', { taps: true }],
  ['virtual', 'vendorKeys', { vendorKeys: 2 }],
  ['virtual', 'revocations', { revocations: true }],
  ['virtual', 'clock', { clock: systemClock }],
  ['virtual', 'entropy', { entropy: systemEntropy }],
  ['virtual', 'onStarted', { onStarted: () => {} }],
  ['virtual', 'foreignServer', { foreignServer: never }],
  ['virtual', 'foreignIntermediary of site-a', site({ foreignIntermediary: never })],
  ['virtual', 'foreignDevices of site-a', site({ foreignDevices: ['mine-1'] })],
  ['virtual', 'uplinkThrough of site-a', site({ uplinkThrough: async (above) => above })],
  ['virtual', 'a rate of a line', site({ line: { bytesPerSecond: 1_000 } })],
  [
    'virtual',
    `callTimeout of device ${PRINTER}`,
    site({ devices: [{ id: PRINTER, firmware: FACTORY, callTimeout: 1 }] }),
  ],
  ['processes', 'clocks', { clocks: { server: systemClock } }],
  ['processes', 'entropy', { entropy: systemEntropy }],
  ['processes', 'seed', { seed: 7 }],
  ['in-process', 'seed', { seed: 7 }],
  ['namespaces', 'taps', { taps: true }],
  ['namespaces', 'uplinkThrough of site-a', site({ uplinkThrough: async (above) => above })],
])('%s: %s is refused', async (run, what, asked) => {
  const starting = startTopology({ run, sites: SITES, ...asked });
  await expect(starting).rejects.toMatchObject({
    code: 'not-in-this-run',
    message: expect.stringContaining(what),
  });
});

test('what asks for nothing is not refused', async () => {
  await using topology = await startTopology({ run: 'virtual', sites: [], taps: false });
  expect(topology.deviceIds).toEqual([]);
});

test('docs/testbed.md tells what each run kind can, as the tests of the faults have it', async () => {
  const lines = (await readFile(join(ROOT, 'docs', 'testbed.md'), 'utf8')).split('\n');
  const cells = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim());
  const [, , ...kinds] = cells(lines.find((line) => line.startsWith('| | `in-process`')) ?? '').slice(0, -1);
  for (const [what, able] of Object.entries(ONLY)) {
    const [, , ...told] = cells(lines.find((line) => line.startsWith(`| ${what} |`)) ?? '').slice(0, -1);
    const yes = kinds.filter((_, at) => told[at] === 'yes').map((kind) => kind.replaceAll('`', ''));
    expect([what, yes]).toEqual([what, [...able]]);
  }
});
