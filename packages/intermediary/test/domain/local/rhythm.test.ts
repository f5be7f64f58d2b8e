import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { isTimeZone } from '../../../src/domain/local/cron.ts';
import { readRhythm, rhythmMistake } from '../../../src/domain/local/rhythm.ts';

const at = (text: string): Instant => Instant(Date.parse(text));

/** The next times, one from the other, as ISO 8601 without seconds. */
const times = (expression: string, timeZone: string, from: string, count: number): readonly string[] => {
  const read = readRhythm(expression, timeZone);
  if ('mistake' in read) throw new Error(read.mistake);
  const found: string[] = [];
  let now = at(from);
  for (let nth = 0; nth < count; nth++) {
    now = read.rhythm.next(now);
    found.push(new Date(now).toISOString().slice(0, 16));
  }
  return found;
};

/** @spec I3 */
describe('a cron expression', () => {
  test('means the clock of the time zone', () => {
    expect(times('0 3 * * *', 'UTC', '2026-01-01T03:00Z', 1)).toEqual(['2026-01-02T03:00']);
    expect(times('0 3 * * *', 'Asia/Tokyo', '2026-01-01T03:00Z', 1)).toEqual(['2026-01-01T18:00']);
    expect(times('*/20 8-9 * * MON-FRI', 'UTC', '2026-01-02T09:20Z', 3)).toEqual([
      '2026-01-02T09:40',
      '2026-01-05T08:00',
      '2026-01-05T08:20',
    ]);
  });

  test('with two kinds of days is due on either; with the last day of a month on that', () => {
    expect(times('0 0 13 * FRI', 'UTC', '2026-01-08T00:00Z', 3)).toEqual([
      '2026-01-09T00:00',
      '2026-01-13T00:00',
      '2026-01-16T00:00',
    ]);
    expect(times('0 0 L * *', 'UTC', '2028-02-01T00:00Z', 1)).toEqual(['2028-02-29T00:00']);
  });

  test('is not left out where an hour is left out, and goes on in summer time', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      // 02:30 does not exist on this day: 03:00 is what follows 02:00.
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });

  test('is due once where an hour comes twice', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(times('30 1,2 * * *', 'Europe/Berlin', '2026-10-24T22:00Z', 3)).toEqual([
      '2026-10-24T23:30',
      '2026-10-25T00:30',
      '2026-10-26T00:30',
    ]);
  });

  test('of all hours goes by the time that passes', () => {
    expect(times('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30Z', 4)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
      '2026-10-25T03:00',
    ]);
  });
});

/** @spec I3 */
test.each([
  ['* * * *', /five fields/],
  ['0 0 3 * * *', /five fields/],
  ['@daily', /five fields/],
  ['? 3 * * *', /five fields/],
  ['0  3 * * *', /five fields/],
  ['', /five fields/],
  ['61 * * * *', /minute: 61/],
  ['*/0 * * * *', /stepping/],
  ['0 5-1 * * *', /From value/],
  ['0 0 30 2 *', /never comes/],
  ['every 0', /between a second and a year/],
  ['every 6h', /between a second and a year/],
  ['P1Y', /between a second and a year/],
  ['hourly', /five fields/],
])('%j is refused', (expression, reason) => {
  expect(rhythmMistake(expression)).toMatch(reason);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Etc/GMT+3', true],
  ['+01:00', false],
  ['Europe/Atlantis', false],
  ['', false],
])('the time zone %j', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});
