import { expect, test } from '@jest/globals';
import { Hours, Milliseconds, Minutes, Seconds } from '@postern/core';
import { isPeriod, readPeriod } from '../../../src/domain/local/period.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { siteSoftware } from '../../support/site-software.ts';
import { START } from '../../support/software.ts';

/** @spec I3 */
test.each([
  ['every 30', Seconds(30)],
  ['PT6H', Hours(6)],
  ['PT1H30M', Minutes(90)],
  ['P1D', Hours(24)],
  ['P1DT12H', Hours(36)],
  ['P2W', Hours(336)],
  ['every 0', undefined],
  ['PT0S', undefined],
  ['P', undefined],
  ['PT', undefined],
  ['P1Y', undefined],
  ['P1M', undefined],
  ['P999W', undefined],
  ['*/5 * * * *', undefined],
  ['every -1', undefined],
])('the period %s', (expression, expected) => {
  expect(readPeriod(expression)).toBe(expected);
  expect(isPeriod(expression)).toBe(expected !== undefined);
});

const site = async (
  directory: string,
  checks: number[],
  clock?: Parameters<typeof startProcess>[0]['clock'],
) => {
  const process = await startProcess({ directory, ...(clock === undefined ? {} : { clock }) });
  const onCheck = (): void => {
    checks.push((process.clock.now() - START) / 1_000);
  };
  return { ...process, ...(await siteSoftware({ ...process, directory, onCheck })) };
};

/** @spec I3 X6 */
test('ticks lie on a grid that survives restarts, and what was missed is done once', async () => {
  const directory = await temporaryDirectory();
  const checks: number[] = [];
  const first = await site(directory, checks);
  first.schedule.set([{ task: 'check-versions', expression: 'every 60' }]);
  first.schedule.start();
  await first.clock.advance(Seconds(150));
  expect(checks).toEqual([60, 120]);
  first.schedule.close();

  const second = await site(directory, checks, first.clock);
  second.schedule.start();
  await first.clock.advance(Seconds(40));
  expect(checks).toEqual([60, 120, 180]);
  second.schedule.close();
  await first.clock.advance(Seconds(1_000));

  const third = await site(directory, checks, first.clock);
  third.schedule.start();
  await first.clock.advance(Milliseconds(1));
  expect(checks).toEqual([60, 120, 180, 1190]);
  await first.clock.advance(Seconds(20));
  expect(checks.at(-1)).toBe(1200);
});

/** @spec I3 */
test('setting the same again does not begin a new grid, nothing ends it', async () => {
  const directory = await temporaryDirectory();
  const checks: number[] = [];
  const { schedule, clock } = await site(directory, checks);
  const entry = { task: 'check-versions', expression: 'PT1M' } as const;
  for (let times = 0; times < 3; times++) {
    schedule.set([entry, entry]);
    schedule.start();
    await clock.advance(Seconds(25));
  }
  expect(checks).toEqual([60]);
  expect(schedule.planned()).toHaveLength(1);
  schedule.set([]);
  schedule.start();
  await clock.advance(Hours(1));
  expect(checks).toEqual([60]);
});
