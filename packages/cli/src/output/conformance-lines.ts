import type { CheckLevel, CheckOutcome, CheckResult } from '@postern/testbed/conformance';

const WORDS: Readonly<Record<CheckOutcome, string>> = {
  passed: 'passed',
  failed: 'FAILED',
  'not-offered': 'not offered',
};

/** What came of a check and what to do about it. Printed as it ends, so columns have fixed widths. */
export const conformanceLine = ({ id, title, section, level, outcome, reason, next }: CheckResult): string =>
  [
    `${WORDS[outcome].padEnd(11)}  ${level.padEnd(11)}  ${id.padEnd(23)}  ${title} [${section}]`,
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
  return `${good ? 'All that is required passes' : 'Not conforming'}. Passed, ${counts.join('; ')}.`;
};
