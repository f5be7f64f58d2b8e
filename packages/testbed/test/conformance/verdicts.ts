import { systemClock } from '@postern/core';
import { type Check, type CheckResult, runChecks } from '@postern/testbed/conformance';

/** Runs checks to their end. */
export const resultsOf = async <T>(
  checks: readonly Check<T>[],
  target: T,
): Promise<readonly CheckResult[]> => {
  const results: CheckResult[] = [];
  for await (const result of runChecks(checks, target, { clock: systemClock })) results.push(result);
  return results;
};

/** What did not pass: `id: outcome, reason`. */
export const shortcomings = (results: readonly CheckResult[]): readonly string[] =>
  results
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, outcome, reason }) => `${id}: ${outcome}, ${reason}`);
