import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type RunKind, withTopology } from '@postern/testbed';
import { SITE, startPrinter, testRunKind } from './run-kind-tests.ts';

// `namespaces` is tested with the kernel's firewall: test/firewall-kernel.
describe.each<RunKind>(['in-process', 'processes', 'virtual'])('a topology that runs %s', testRunKind);

test('an error within a topology has the sequence of steps in its message', async () => {
  const work = withTopology({ run: 'virtual', sites: [{ name: SITE }] }, async ({ time }) => {
    await time.advance(Seconds(30));
    expect('this').toBe('that');
  });
  await expect(work).rejects.toThrow(/Expected.*that[\s\S]*What came before:[\s\S]*S601 +site-a → server/);
});

test('virtual time stands still unless somebody waits for something of the topology', async () => {
  const topology = await startPrinter('virtual');
  const before = topology.steps.count;
  await new Promise((resolve) => setImmediate(resolve));
  expect(topology.steps.count).toBe(before);
  await topology.time.advance(Seconds(200));
  expect(topology.steps.count).toBeGreaterThan(before);
});
