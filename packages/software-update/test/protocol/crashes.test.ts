import { describe, expect, test } from '@jest/globals';
import { InMemorySite } from '../support/in-memory-site.ts';
import { expectSound } from '../support/invariants.ts';
import { KillPlan } from '../support/life.ts';

/** The boundaries that a node passes in an undisturbed update: where it can be killed. */
const boundariesOf = async (node: 'updaterKills' | 'deviceKills'): Promise<readonly string[]> => {
  const plan = new KillPlan();
  await new InMemorySite({ [node]: plan }).run();
  return plan.passed;
};

const updaterBoundaries = await boundariesOf('updaterKills');
const deviceBoundaries = await boundariesOf('deviceKills');
const numbered = (labels: readonly string[]): readonly (readonly [number, string])[] =>
  labels.map((label, index) => [index + 1, label]);

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

/** @spec X6 */
describe('the updater is killed', () => {
  test.each(numbered(updaterBoundaries))('at boundary %i, %s', async (number) => {
    const site = new InMemorySite({ updaterKills: new KillPlan(number) });
    expect(await site.run()).toEqual({ state: 'verified' });
    await expectSound(site);
  });
});

/** @spec X4 X5 X6 */
describe('the power of the device is cut', () => {
  test.each(numbered(deviceBoundaries))('at boundary %i, %s', async (number) => {
    const site = new InMemorySite({ deviceKills: new KillPlan(number) });
    expect(await site.run()).toEqual({ state: 'verified' });
    await expectSound(site);
  });
});
