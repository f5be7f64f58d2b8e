import { codeText, lineOf } from './code-text.ts';
import type { SourceFile, WorkspacePackage } from './workspace.ts';

/** One declared error code. */
export interface DeclaredCode {
  readonly code: string;
  /** Folder name of the package that declares it. */
  readonly folder: string;
  /** What it means; empty where only a union type declares it. */
  readonly meaning: string;
}

/** One place where an error is made with a literal code. */
export interface UsedCode {
  readonly code: string;
  readonly at: string;
}

const CATALOGUE = /export const \w*(?:_ERRORS|Catalogue) = \{([\s\S]*?)\n\} as const/g;
const ENTRY = /^ {2}(?:'([a-z][a-z-]*)'|([a-z]+)):\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gm;
const UNION = /export type \w*Code =((?:\s*\|?\s*'[a-z-]+')+);/g;
const LITERAL = /'([a-z][a-z-]*)'/g;
/** `new PosternError('x'`, `updateError('x'` and their like. */
const MADE = /\b(?:PosternError|[a-z]\w*Error)(?:<[^>(]*>)?\(\s*'([a-z][a-z-]*)'/g;

/** All codes that a package declares, in catalogues (`…_ERRORS`, `…Catalogue`) and exported unions (`…Code`). */
export const declaredCodes = ({ folder, sources }: WorkspacePackage): readonly DeclaredCode[] => {
  const texts = sources.map(({ text }) => codeText(text, { keepStrings: true }));
  const catalogued = texts.flatMap((text) => catalogueEntries(text));
  const listed = texts
    .flatMap((text) => [...text.matchAll(UNION)])
    .flatMap(([, members = '']) => [...members.matchAll(LITERAL)])
    .map(([, code = '']) => ({ code, meaning: '' }));
  const known = new Set(catalogued.map(({ code }) => code));
  return [...catalogued, ...listed.filter(({ code }) => !known.has(code))].map((entry) => ({
    ...entry,
    folder,
  }));
};

/** Where a package makes errors. */
export const usedCodes = ({ sources }: WorkspacePackage): readonly UsedCode[] => sources.flatMap(codesOf);

/** The codes among `codes` that no source mentions outside of the declarations. */
export const unmentioned = (
  codes: readonly DeclaredCode[],
  packages: readonly WorkspacePackage[],
): readonly DeclaredCode[] => {
  const texts = packages.flatMap(({ sources }) =>
    sources.map(({ text }) =>
      codeText(text, { keepStrings: true }).replace(CATALOGUE, '').replace(UNION, ''),
    ),
  );
  const mentioned = new Set(texts.flatMap((text) => [...text.matchAll(LITERAL)].map(([, code]) => code)));
  const asKey = (code: string): boolean =>
    !code.includes('-') && texts.some((text) => new RegExp(`\\b${code}\\b`).test(text));
  return codes.filter(({ code }) => !mentioned.has(code) && !asKey(code));
};

/** The page docs/errors.md. */
export const errorPage = (packages: readonly WorkspacePackage[]): string => {
  const chapters = packages.flatMap((pkg) => {
    const codes = [...declaredCodes(pkg)].sort((one, other) => one.code.localeCompare(other.code, 'en'));
    if (codes.length === 0) return [];
    const lines = codes.map(({ code, meaning }) => `| \`${code}\` | ${meaning} |`);
    return [`## ${pkg.folder}`, '', '| code | meaning, and what to do |', '|---|---|', ...lines, ''];
  });
  return [
    '# Error codes',
    '',
    'Written by `npm run spec` from the catalogues of the packages; do not edit. Programs compare on the code.',
    '',
    ...chapters,
  ].join('\n');
};

const catalogueEntries = (text: string): { readonly code: string; readonly meaning: string }[] =>
  [...text.matchAll(CATALOGUE)]
    .flatMap(([, body = '']) => [...body.matchAll(ENTRY)])
    .map(([, quoted, bare, single, double]) => ({
      code: quoted ?? bare ?? '',
      meaning: (single ?? double ?? '').replace(/\\(.)/g, '$1'),
    }));

const codesOf = ({ path, text }: SourceFile): UsedCode[] => {
  const code = codeText(text, { keepStrings: true });
  return [...code.matchAll(MADE)].map((match) => ({
    code: match[1] ?? '',
    at: `${path}:${lineOf(code, match.index)}`,
  }));
};
