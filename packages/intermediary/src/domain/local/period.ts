import { Days, type Duration, Seconds } from '@postern/core';

const EVERY = /^every (\d{1,9})$/;
/** ISO 8601 §5.5.2 without years and months, which have no fixed length. */
const ISO = /^P(?!$)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/;

const LONGEST: Duration = Days(366);

/**
 * Reads how often a scheduled task is due: `every SECONDS`, or an ISO 8601 period such as `PT6H` or `P1D`.
 *
 * @returns undefined for anything else, less than a second and more than a year
 */
export const readPeriod = (expression: string): Duration | undefined => {
  const period = Seconds(inSeconds(expression));
  return period >= Seconds(1) && period <= LONGEST ? period : undefined;
};

const inSeconds = (expression: string): number => {
  const every = EVERY.exec(expression)?.[1];
  if (every !== undefined) return Number(every);
  const parts = ISO.exec(expression)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (parts === undefined) return 0;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return ((weeks * 7 + days) * 24 + hours) * 3_600 + minutes * 60 + seconds;
};
