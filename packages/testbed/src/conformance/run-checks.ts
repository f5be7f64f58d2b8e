import { type Clock, errorCode, errorMessage, Seconds, withDeadline } from '@postern/core';
import type { Check, CheckOutcome, CheckResult } from './check.ts';
import { NOT_OFFERED } from './verdicts.ts';

const OTHERWISE = 'See the place in the contract that stands behind the title.';

/** The longest that a check may take which does not say so itself, cleaning up included. */
const LIMIT = Seconds(45);

/** What an error means that says nothing itself. */
const HINTS: Readonly<Record<string, string>> = {
  'response-invalid': 'Compare the answer with the WSDL and its schema, element by element.',
  'deadline-exceeded': 'Answer sooner.',
  'bulk-login-refused': 'Accept userName and the password that StoreOneTimePassword has just stored.',
  'soap-fault':
    'Answer the call, or put a Failure with a code of docs/errors.md into the detail of the Fault.',
};

/**
 * Carries out checks one after the other, and tells each as it ends.
 *
 * @throws PosternError `cancelled`; never because of what the target does
 */
export async function* runChecks<T>(
  checks: readonly Check<T>[],
  target: T,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
): AsyncGenerator<CheckResult, void> {
  for (const { run, limit = LIMIT, ...check } of checks) {
    try {
      await withDeadline(clock, limit, 'The check', signal, (bounded) => run(target, bounded));
      yield { ...check, outcome: 'passed' };
    } catch (error) {
      if (signal?.aborted) throw error;
      yield { ...check, ...verdictOf(error) };
    }
  }
}

/** Whether all is there that is required and was looked for: what is required and not offered is not. */
export const conforms = (results: readonly CheckResult[]): boolean =>
  results.every(
    ({ level, outcome }) => level !== 'required' || outcome === 'passed' || outcome === 'skipped',
  );

const verdictOf = (error: unknown): Pick<CheckResult, 'outcome' | 'reason' | 'next'> => {
  const code = errorCode(error, 'internal-error');
  const outcome = outcomeOf(code);
  const reason = errorMessage(error);
  const next = HINTS[code] ?? hintOf(error) ?? (outcome === 'failed' ? OTHERWISE : undefined);
  return {
    outcome,
    reason: code === 'not-conforming' || outcome !== 'failed' ? reason : `${reason} (${code})`,
    ...(next === undefined ? {} : { next }),
  };
};

const outcomeOf = (code: string): Exclude<CheckOutcome, 'passed'> => {
  if (code === 'not-checked') return 'skipped';
  return NOT_OFFERED.includes(code) ? 'not-offered' : 'failed';
};

const hintOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string'
    ? error.hint
    : undefined;
