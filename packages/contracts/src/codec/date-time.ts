import { Instant } from '@postern/core';

const LEXICAL = /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:Z|([+-])(\d\d):(\d\d))$/;

const MINUTE = 60_000;
const MAX_OFFSET_MINUTES = 14 * 60;

/**
 * Reads an xs:dateTime (XML Schema Part 2 §3.2.7) with time zone, years 1000 to 9999, cut to milliseconds.
 * Without a time zone the value would not name an instant, so it is refused.
 *
 * @returns undefined when the text is no such value
 */
export const parseDateTime = (text: string): Instant | undefined => {
  const match = LEXICAL.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetMinute ?? 0) > 59) {
    return undefined;
  }
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Another day than was asked for where the month has no such day.
  const date = new Date(midnight);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const offset = sign === undefined ? 0 : Number(offsetHour) * 60 + Number(offsetMinute);
  if (offset > MAX_OFFSET_MINUTES) return undefined;
  const local =
    midnight +
    (Number(hour) * 60 + Number(minute)) * MINUTE +
    Number(second) * 1_000 +
    Number(fraction.slice(0, 3).padEnd(3, '0'));
  return Instant(local - (sign === '-' ? -offset : offset) * MINUTE);
};

const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Writes an instant in UTC with milliseconds and `Z`.
 *
 * @returns undefined when it is no whole number of milliseconds in the years 1000 to 9999
 */
export const formatDateTime = (instant: number): string | undefined =>
  Number.isInteger(instant) && instant >= EARLIEST && instant <= LATEST
    ? new Date(instant).toISOString()
    : undefined;
