import type { CheckLevel, CheckOutcome, CheckResult } from '@postern/testbed/conformance';

const WORDS: Readonly<Record<CheckOutcome, string>> = {
  passed: 'passed',
  failed: 'FAILED',
  'not-offered': 'not offered',
  skipped: 'skipped',
};

/**
 * What came of a check and what to do about it.
 *
 * @param width of the column of names: lines are printed one by one
 */
export const conformanceLine = (
  { id, title, section, level, outcome, reason, next }: CheckResult,
  width: number,
): string =>
  [
    `${WORDS[outcome].padEnd(11)}  ${level.padEnd(11)}  ${id.padEnd(width)}  ${title} [${section}]`,
    ...(reason === undefined ? [] : [`             ${reason}`]),
    ...(next === undefined ? [] : [`             → ${next}`]),
  ].join('\n');

const LEVELS: readonly CheckLevel[] = ['required', 'recommended', 'optional'];

/** How many passed of each level, and the verdict. */
export const conformanceSummary = (results: readonly CheckResult[], good: boolean): string => {
  const counts = LEVELS.flatMap((level) => {
    const all = results.filter((result) => result.level === level);
    const passed = all.filter(({ outcome }) => outcome === 'passed');
    return all.length === 0 ? [] : [`${level}: ${passed.length} of ${all.length}`];
  });
  const unknown = results.filter(({ outcome }) => outcome === 'skipped').length;
  const left = unknown === 0 ? '' : ` ${unknown} skipped: they say what they need.`;
  return `${verdict(good, unknown > 0)}. Passed, ${counts.join('; ')}.${left}`;
};

const verdict = (good: boolean, partly: boolean): string => {
  if (!good) return 'Not conforming';
  return partly ? 'Nothing that is required and was tried fails' : 'All that is required passes';
};
