import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runSchedule } from '../../src/simulation/index.ts';

/** What a run of the whole suite can afford; `npm run simulate -- --seeds N` runs more. */
const SCHEDULES = 200;
/** Of the virtual clock; fast-check draws the seeds of the schedules from its own, which it prints when one fails. */
const LARGEST_SEED = 2 ** 40;

/** What has to have happened for the rest to mean anything. */
const TROUBLES = [
  'deaths.server',
  'deaths.site',
  'deaths.device',
  'network.lost',
  'network.answerLost',
  'network.delayed',
  'network.duplicated',
  'network.cut',
  'attack.tries',
  'attack.forgeries',
  'orders that must succeed',
  'boots.updater-program',
  'outcome.verified',
  'outcome.failed',
] as const;

/** @spec X1 X2 X3 X4 X6 U9 U13 U14 R1 P1 D5 */
test('whatever happens on the way, every update ends well-ordered and no device is harmed', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: LARGEST_SEED }), async (seed) => {
      const { violations, tally } = await runSchedule(seed);
      for (const [what, times] of Object.entries(tally)) seen.set(what, (seen.get(what) ?? 0) + times);
      if (violations.length > 0) {
        throw new Error(`${violations.join('\n')}\nReplay: npm run simulate -- --seed ${seed} --verbose`);
      }
    }),
    { numRuns: SCHEDULES, endOnFailure: true },
  );
  expect(TROUBLES.filter((trouble) => (seen.get(trouble) ?? 0) === 0)).toEqual([]);
}, 120_000);
