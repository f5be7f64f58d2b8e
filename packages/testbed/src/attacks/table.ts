import type { AttackLine } from './run-attack.ts';

const WIDTHS = { attack: 50, scheme: 3, outcome: 15 };

/** One line of the suite's output: name, scheme, outcome, evidence. */
export const lineText = ({ attack, scheme, outcome, expected, evidence, asExpected }: AttackLine): string =>
  [
    attack.padEnd(WIDTHS.attack),
    `(${scheme})`.padEnd(WIDTHS.scheme),
    outcome.padEnd(WIDTHS.outcome),
    asExpected ? evidence : `EXPECTED ${expected}: ${evidence}`,
  ].join(' ');

/** What all lines come to. */
export const summaryText = (lines: readonly AttackLine[]): string => {
  const surprises = lines.filter(({ asExpected }) => !asExpected).length;
  const counted = (['a', 'b', 'c'] as const).map((scheme) => {
    const own = lines.filter((line) => line.scheme === scheme && line.outcome !== 'not-applicable');
    const successes = own.filter(({ outcome }) => outcome === 'succeeds').length;
    return `(${scheme}) ${successes} of ${own.length} succeed`;
  });
  return `${counted.join(', ')}; ${surprises === 0 ? 'all as expected' : `${surprises} NOT as expected`}`;
};
