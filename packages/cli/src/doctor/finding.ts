import { describeError } from '../output/report-error.ts';

/** `warn`: works, and will or may not for long. `fail`: does not work. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What one check has found. Nothing secret stands in it. */
export interface Finding {
  /** What was looked at: `port uplink`. */
  readonly check: string;
  readonly verdict: Verdict;
  readonly says: string;
  /** What to do next; there unless all is well. */
  readonly next?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, verdict: 'ok', says });

export const warn = (check: string, says: string, next: string): Finding => ({
  check,
  verdict: 'warn',
  says,
  next,
});

export const fail = (check: string, says: string, next: string): Finding => ({
  check,
  verdict: 'fail',
  says,
  next,
});

/** An error as a finding; its own hint says what to do next, where it has one. */
export const failure = (check: string, error: unknown, next: string): Finding => {
  const { code, message, hint } = describeError(error);
  return fail(check, `${message} (${code})`, hint ?? next);
};
