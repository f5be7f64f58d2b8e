import { codeText, lineOf } from './code-text.ts';
import type { SourceFile } from './workspace.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Time and chance come through the ports of core; only its adapters touch the real ones. */
const PURITY: readonly Rule[] = [
  { pattern: /\bDate\.now\s*\(/g, reason: 'takes the time past the Clock' },
  { pattern: /\bnew Date\(\s*\)/g, reason: 'takes the time past the Clock' },
  { pattern: /\bperformance\.now\s*\(/g, reason: 'takes the time past the Clock' },
  { pattern: /(?<![.\w])(?:globalThis\.)?(?:setTimeout|setInterval)\s*\(/g, reason: 'waits past the Clock' },
  { pattern: /\bAbortSignal\.timeout\s*\(/g, reason: 'waits past the Clock' },
  { pattern: /\bMath\.random\s*\(/g, reason: 'takes chance past the Entropy' },
];

const TYPES: readonly Rule[] = [{ pattern: /(?:[:<,|&(]|\bas)\s*any\b/g, reason: 'uses any' }];
const SUPPRESSIONS: readonly Rule[] = [
  { pattern: /@ts-(?:ignore|nocheck|expect-error)/g, reason: 'silences the compiler' },
];

const ADAPTERS = 'packages/core/src/adapters/';

/** Breaches of the house rules that can be seen in one source file, as `path:line: reason`. */
export const houseRuleBreaches = ({ path, text }: SourceFile): readonly string[] => {
  const code = codeText(text, { keepStrings: false });
  const rules = path.startsWith(ADAPTERS) ? TYPES : [...PURITY, ...TYPES];
  return [...breaches(path, code, rules), ...breaches(path, text, SUPPRESSIONS)];
};

const breaches = (path: string, text: string, rules: readonly Rule[]): string[] =>
  rules.flatMap(({ pattern, reason }) =>
    [...text.matchAll(pattern)].map((match) => `${path}:${lineOf(text, match.index)}: ${reason}`),
  );
