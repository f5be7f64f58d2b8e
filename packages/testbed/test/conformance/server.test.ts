import { beforeAll, expect, test } from '@jest/globals';
import { conforms, openServerTarget, serverChecks } from '@postern/testbed/conformance';
import { keepForFile } from '../support/afterwards.ts';
import { ports, serverWorld } from './server-world.ts';
import { resultsOf, shortcomings } from './verdicts.ts';

keepForFile();
let world: Awaited<ReturnType<typeof serverWorld>>;
beforeAll(async () => {
  world = await serverWorld();
});

/** @spec A1 R1 R2 R3 R4 */
test('our own server passes every check', async () => {
  const results = await resultsOf(serverChecks, await openServerTarget(world.everything));
  expect(shortcomings(results)).toEqual([]);
  expect(results).toHaveLength(serverChecks.length);
}, 60_000);

test('an operator with a certificate passes as one with the token does', async () => {
  const operator = { url: world.urls.operator, node: world.nodes.operator };
  const target = await openServerTarget({ ...world.everything, operator });
  const checks = serverChecks.filter(({ id }) => id.startsWith('operator-'));
  expect(shortcomings(await resultsOf(checks, target))).toEqual([]);
}, 60_000);

test('what cannot be found out is skipped, with what it needs, and is no fault', async () => {
  const target = await openServerTarget({ ...ports, url: world.urls.uplink, node: world.nodes.site });
  const results = await resultsOf(serverChecks, target);
  const rest = results.filter(({ outcome }) => outcome !== 'passed');
  expect(new Set(rest.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  expect(new Set(rest.map(({ next }) => /--[a-z-]+/.exec(next ?? '')?.[0]))).toEqual(
    new Set(['--outsider', '--other-identity', '--operator']),
  );
  expect(conforms(results)).toBe(true);
}, 60_000);
