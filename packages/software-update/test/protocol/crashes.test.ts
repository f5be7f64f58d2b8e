import { describe, expect, test } from '@jest/globals';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { KillPlan } from '../support/life.ts';
import { REPRESENTATIVE_NAMES, REPRESENTATIVES } from '../support/schemes.ts';

type Node = 'updaterKills' | 'deviceKills';
type Name = keyof typeof REPRESENTATIVES;

/** The boundaries that a node passes in an undisturbed update: where it can be killed. */
const boundariesOf = async (node: Node, name: Name): Promise<readonly string[]> => {
  const plan = new KillPlan();
  await new InMemorySite({ ...REPRESENTATIVES[name], [node]: plan }).run();
  return plan.passed;
};

const updaterBoundaries = await boundariesOf('updaterKills', 'Fig 17');
const deviceBoundaries = await boundariesOf('deviceKills', 'Fig 17');

/** Every scheme with every boundary of it. */
const matrixOf = async (node: Node): Promise<readonly (readonly [Name, number, string])[]> => {
  const rows = REPRESENTATIVE_NAMES.map(async (name) =>
    (await boundariesOf(node, name)).map((label, index) => [name, index + 1, label] as const),
  );
  return (await Promise.all(rows)).flat();
};
const updaterMatrix = await matrixOf('updaterKills');
const deviceMatrix = await matrixOf('deviceKills');

test('the matrix covers every commit, every exchange and every durable write', () => {
  expect(updaterBoundaries).toEqual(
    expect.arrayContaining([
      'before commit sharing',
      'after share',
      'before store',
      'after erase',
      'after commit finished',
    ]),
  );
  expect(deviceBoundaries).toEqual(
    expect.arrayContaining([
      'before NV-RAM saved',
      'after slot B emptied',
      'after firmware written',
      'before slot B sealed',
    ]),
  );
});

test('and whatever else a scheme does', () => {
  const labels = (name: Name) => updaterMatrix.filter((row) => row[0] === name).map(([, , label]) => label);
  expect(labels('Fig 13')).toEqual(
    expect.arrayContaining(['before mark', 'after mark', 'before entry 0 used', 'after entry 1 used']),
  );
  expect(labels('Fig 21, by request')).toEqual(expect.arrayContaining(['before share', 'after share']));
  expect(new Set(updaterMatrix.map(([name]) => name)).size).toBe(REPRESENTATIVE_NAMES.length);
});

/** @spec U15 U16 U17 U18 P1 X6 */
describe('the updater is killed', () => {
  test.each(updaterMatrix)('%s, at boundary %i, %s', async (name, number) => {
    const site = new InMemorySite({ ...REPRESENTATIVES[name], updaterKills: new KillPlan(number) });
    expect(await site.run()).toEqual({ state: 'verified' });
    await expectSound(site);
  });
});

/** @spec U15 U16 U17 U18 P1 X4 X5 X6 */
describe('the power of the device is cut', () => {
  test.each(deviceMatrix)('%s, at boundary %i, %s', async (name, number) => {
    const site = new InMemorySite({ ...REPRESENTATIVES[name], deviceKills: new KillPlan(number) });
    expect(await site.run()).toEqual({ state: 'verified' });
    await expectSound(site);
  });
});
