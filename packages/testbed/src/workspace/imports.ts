import { codeText, lineOf } from './code-text.ts';
import type { SourceFile } from './workspace.ts';

/** One import or re-export. */
export interface Import {
  /** `path:line` of the file that imports. */
  readonly at: string;
  readonly specifier: string;
  /** Erased by the compiler: nothing is loaded. */
  readonly typeOnly: boolean;
}

const STATIC = /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** Everything that a file imports. */
export const importsOf = ({ path, text }: SourceFile): readonly Import[] => {
  const code = codeText(text, { keepStrings: true });
  const found: Import[] = [];
  for (const match of code.matchAll(STATIC)) {
    const [whole, type, specifier = ''] = match;
    const line = lineOf(code, match.index + whole.length);
    found.push({ at: `${path}:${line}`, specifier, typeOnly: type !== undefined });
  }
  for (const match of code.matchAll(DYNAMIC)) {
    found.push({ at: `${path}:${lineOf(code, match.index)}`, specifier: match[1] ?? '', typeOnly: false });
  }
  return found;
};

/** The package that a bare specifier names: `@a/b/c` → `@a/b`, `d/e` → `d`; `undefined` for paths and Node's own modules. */
export const packageOf = (specifier: string): string | undefined => {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
};
