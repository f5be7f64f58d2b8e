import { expect, test } from '@jest/globals';
import { Hours, Instant, Milliseconds, Minutes, Seconds, silentLogger } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import { scheduleStore } from '../../../src/adapters/database/schedule-store.ts';
import { parseConfig } from '../../../src/config.ts';
import { readPeriod } from '../../../src/domain/local/period.ts';
import { Schedule } from '../../../src/domain/local/schedule.ts';
import { afterThisTest, temporaryDirectory } from '../../support/directory.ts';
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

const nightly = (process: Awaited<ReturnType<typeof startProcess>>, timeZone: string, done: string[]) => {
  const { clock } = process;
  const schedule = new Schedule({
    store: scheduleStore(process.database),
    configured: [{ task: 'read-counters', expression: '30 2 * * *' }],
    timeZone,
    tasks: {
      'read-counters': () => {
        done.push(new Date(clock.now()).toISOString().slice(0, 16));
      },
    },
    clock,
    logger: silentLogger,
  });
  afterThisTest(() => schedule.close());
  return schedule;
};

/** @spec I3 X6 */
test('by cron: a task is done once a night over both changes of the clock, and once for all missed nights', async () => {
  const directory = await temporaryDirectory();
  const clock = new VirtualClock(Instant(Date.parse('2026-03-28T12:00Z')));
  const done: string[] = [];
  const first = nightly(await startProcess({ directory, clock }), 'Europe/Berlin', done);
  first.start();
  await clock.advance(Hours(48));
  expect(done).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  await first.close();
  await clock.advance(Hours(24 * 208));

  const second = nightly(await startProcess({ directory, clock }), 'Europe/Berlin', done);
  second.start();
  await clock.advance(Hours(48));
  expect(done.slice(2)).toEqual(['2026-10-24T12:00', '2026-10-25T00:30', '2026-10-26T01:30']);
  await second.close();

  const elsewhere = nightly(await startProcess({ directory, clock }), 'Asia/Tokyo', done);
  elsewhere.start();
  await clock.advance(Hours(24));
  expect(done.slice(5)).toEqual(['2026-10-26T17:30']);
});

/** @spec I3 */
test('a task that is still going is not begun again, and ends when the schedule is closed', async () => {
  const process = await startProcess({ directory: await temporaryDirectory() });
  const { clock } = process;
  const logger = memoryLogger();
  const begun: AbortSignal[] = [];
  let end = (): void => {};
  const schedule = new Schedule({
    store: scheduleStore(process.database),
    configured: [],
    timeZone: 'UTC',
    tasks: {
      'read-counters': (signal) => {
        begun.push(signal);
        return new Promise((resolve) => {
          end = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    },
    clock,
    logger,
  });
  schedule.set([{ task: 'read-counters', expression: 'every 60' }]);
  schedule.start();
  await clock.advance(Minutes(3));
  expect(begun).toHaveLength(1);
  expect(logger.lines.filter(({ message }) => message.includes('still going'))).toHaveLength(2);
  end();
  await clock.advance(Minutes(1));
  expect(begun).toHaveLength(2);
  await schedule.close();
  expect(begun[1]?.aborted).toBe(true);
  await clock.advance(Minutes(5));
  expect(begun).toHaveLength(2);
});

/** @spec I3 */
test('one wrong entry of several is refused with the reason, and changes nothing', async () => {
  const { schedule } = await site(await temporaryDirectory(), []);
  schedule.set([{ task: 'check-versions', expression: '0 3 * * *' }]);
  const wrong = [
    [{ task: 'check-versions', expression: '0 25 * * *' }, /"0 25 \* \* \*" cannot be scheduled: .*hour/],
    [{ task: 'collect-logs', expression: 'PT1H' }, /collect-logs cannot be scheduled here/],
  ] as const;
  for (const [entry, reason] of wrong) {
    expect(() => schedule.set([{ task: 'check-versions', expression: 'PT1H' }, entry])).toThrow(reason);
  }
  expect(schedule.planned()).toMatchObject([{ expression: '0 3 * * *' }]);
});

test.each([
  [{ scheduleTimeZone: 'Mars/Olympus' }, /scheduleTimeZone: is no time zone/],
  [{ schedule: [{ task: 'check-versions', expression: '0 99 * * *' }] }, /schedule.0.expression: .*hour/],
  [{ schedule: [{ task: 'read-counters', expression: 'PT1H' }] }, /schedule.0.task: needs `uplink`/],
] as const)('a configuration is refused: %j', (wrong, reason) => {
  const given = {
    ...{ dataDir: 'd', identityDir: 'i', secure: { port: 0 }, notice: { port: 0 }, vendorKeyFiles: ['k'] },
    ...wrong,
  };
  expect(() => parseConfig(given)).toThrow(reason);
});
