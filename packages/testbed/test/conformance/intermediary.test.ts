import { expect, test } from '@jest/globals';
import { intermediaryChecks } from '@postern/testbed/conformance';
import { intermediaryWorld, openWay, startOurs, targetAt } from './intermediary-world.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

/** @spec R1 R2 R3 R4 R5 R6 R7 U1 U3 U7 U8 U9 U10 X1 X2 A1 */
test('our own intermediary passes every check', async () => {
  const world = await intermediaryWorld();
  const way = await openWay();
  const ours = await startOurs(world, way.uplinkUrl);
  const target = await targetAt(world, `https://127.0.0.1:${ours.securePort}/intermediary`);
  way.leadsTo(target);
  const results = await resultsOf(intermediaryChecks, target);
  expect(shortcomings(results)).toEqual([]);
  expect(results).toHaveLength(intermediaryChecks.length);
}, 120_000);
