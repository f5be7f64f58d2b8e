import { Instant } from '@postern/core';
import { Cron } from 'croner';

/** Five fields of what POSIX crontab(5) and its successors know; croner would take nicknames, seconds and `?` as well. */
const FIVE_FIELDS = /^[\dA-Za-z*,/#-]+(?: [\dA-Za-z*,/#-]+){4}$/;
/** An IANA name. An offset such as `+01:00` knows nothing of summer time, so it is none. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** The first time after `now` that the expression names. @throws Error when there is none */
export type NextTime = (now: Instant) => Instant;

/**
 * Reads a cron expression of five fields: minute, hour, day of month, month, day of week. Where both days are given, one
 * of them will do, as ever in cron. `L` is the last day of a month, `FRI#2` its second Friday.
 *
 * Where the clock is put forward, what names a fixed hour and falls into the hour that does not exist is done right after
 * it; where it is put back, that is done the first time only. What names all or every n-th hours or minutes goes by the
 * time that passes.
 *
 * @throws Error saying what is wrong with the expression
 * @spec I3
 */
export const readCron = (expression: string, timeZone: string): NextTime => {
  if (!FIVE_FIELDS.test(expression)) throw new Error('a cron expression has five fields, e.g. `0 3 * * 1-5`');
  // It computes times and nothing else: without a function it never sets a timer of its own.
  const cron = new Cron(expression, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
  return (now) => {
    const next = cron.nextRun(new Date(now));
    if (next === null) throw new Error('that day never comes');
    return Instant(next.getTime());
  };
};

/** Whether there is a time zone of this name in the IANA database. */
export const isTimeZone = (name: string): boolean => {
  if (!ZONE_NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
