import { expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { openServerTarget, serverChecks } from '@postern/testbed/conformance';
import { serverWorld } from './server-world.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

/** @spec A1 */
test('our own server passes every check', async () => {
  const { server, enrol } = await serverWorld();
  const target = await openServerTarget({
    url: `https://127.0.0.1:${server.uplinkPort}/uplink`,
    node: await enrol('intermediary', 'conformance'),
    clock: systemClock,
    entropy: systemEntropy,
    logger: silentLogger,
  });
  const results = await resultsOf(serverChecks, target);
  expect(shortcomings(results)).toEqual([]);
  expect(results).toHaveLength(serverChecks.length);
}, 60_000);
