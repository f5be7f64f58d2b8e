import { expect, test } from '@jest/globals';
import { drawSchedule, runSchedule } from '../../src/simulation/index.ts';

const SEEDS = [3, 20, 2 ** 35 + 1] as const;

test.each(SEEDS)('seed %d tells the same story every time', async (seed) => {
  const first = await runSchedule(seed, { story: true });
  const second = await runSchedule(seed, { story: true });
  expect(second).toEqual(first);
  expect(first.story.length).toBeGreaterThan(10);
});

test('a run without its story has the same outcome', async () => {
  const { tally, violations, lasted } = await runSchedule(20);
  const told = await runSchedule(20, { story: true });
  expect({ tally, violations, lasted }).toEqual({
    tally: told.tally,
    violations: told.violations,
    lasted: told.lasted,
  });
});

test('seeds draw different schedules', () => {
  const schedules = Array.from({ length: 50 }, (_, seed) =>
    JSON.stringify({ ...drawSchedule(seed), seed: 0 }),
  );
  expect(new Set(schedules).size).toBe(50);
});
