import type { SourceFile, WorkspacePackage } from './workspace.ts';

/** What this module needs of a row of the specification. */
export interface Row {
  readonly id: string;
  readonly text: string;
  readonly figure: string;
  readonly finished: boolean;
}

/** Where a row is implemented and proved: paths from the workspace's root. */
export interface Coverage {
  readonly code: readonly string[];
  readonly tests: readonly string[];
}

/** A tag at the beginning of a line of a docblock; in running text it is only mentioned. */
const TAG = /^[ \t]*(?:\/\*\*|\*)[ \t]*@spec[ \t]+(.*?)[ \t]*(?:\*\/)?[ \t]*$/gm;

/** The row IDs that a file is tagged with. */
export const specTags = ({ text }: SourceFile): readonly string[] =>
  [...text.matchAll(TAG)].flatMap(([, ids = '']) => ids.split(/\s+/).filter((id) => id !== ''));

/** Collects the tags of all packages. */
export const specCoverage = (packages: readonly WorkspacePackage[]): ReadonlyMap<string, Coverage> => {
  const code = placesById(packages.flatMap(({ sources }) => sources));
  const tests = placesById(packages.flatMap((pkg) => pkg.tests));
  const ids = new Set([...code.keys(), ...tests.keys()]);
  return new Map([...ids].map((id) => [id, { code: code.get(id) ?? [], tests: tests.get(id) ?? [] }]));
};

/** Tags that name no row, and finished rows that lack code or test. */
export const specBreaches = (
  rows: readonly Row[],
  coverage: ReadonlyMap<string, Coverage>,
): readonly string[] => {
  const known = new Set(rows.map(({ id }) => id));
  const unknown = [...coverage]
    .filter(([id]) => !known.has(id))
    .map(([id, { code, tests }]) => `${[...code, ...tests].join(', ')}: no row ${id}`);
  const unproved = rows
    .filter(({ finished }) => finished)
    .flatMap(({ id }) => {
      const { code, tests } = coverage.get(id) ?? { code: [], tests: [] };
      return [
        ...(code.length === 0 ? [`${id} is finished, and no code is tagged with it`] : []),
        ...(tests.length === 0 ? [`${id} is finished, and no test is tagged with it`] : []),
      ];
    });
  return [...unknown, ...unproved];
};

/** The page docs/spec.md. */
export const specPage = (rows: readonly Row[], coverage: ReadonlyMap<string, Coverage>): string => {
  const lines = rows.map(({ id, text, figure, finished }) => {
    const { code, tests } = coverage.get(id) ?? { code: [], tests: [] };
    const source = figure === '' ? '' : ` (${figure})`;
    return `| ${id} | ${text}${source} | ${finished ? 'yes' : ''} | ${links(code)} | ${links(tests)} |`;
  });
  return [
    '# Specification: row → code → tests',
    '',
    'Written by `npm run spec` from the rows in `packages/contracts/src/spec-rows.ts` and the `@spec` tags; do not edit.',
    'A finished row has code and at least one test; the check in `packages/testbed/test/workspace` holds that.',
    '',
    '| row | what must work | finished | code | tests |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
};

const placesById = (files: readonly SourceFile[]): Map<string, string[]> => {
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const id of new Set(specTags(file))) places.set(id, [...(places.get(id) ?? []), file.path]);
  }
  return places;
};

const links = (paths: readonly string[]): string =>
  paths.map((path) => `[${path.replace(/^packages\//, '')}](../${path})`).join('<br>');
