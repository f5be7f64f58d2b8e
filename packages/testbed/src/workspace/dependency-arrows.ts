import { type Import, importsOf, packageOf } from './imports.ts';
import type { WorkspacePackage } from './workspace.ts';

/** Which packages a package may import: the table "Rooms" of docs/architecture.md. */
export type Arrows = Readonly<Record<string, readonly string[]>>;

const HEART = [
  'core',
  'contracts',
  'storage',
  'pki',
  'soap-rpc',
  'software-update',
  'bulk-transfer',
  'image-slots',
];
const TIERS = ['management-server', 'intermediary', 'device-emulator'];

/** The arrows of this project. */
export const ARROWS: Arrows = {
  core: [],
  contracts: ['core'],
  storage: ['core'],
  pki: ['core'],
  'soap-rpc': ['core', 'contracts'],
  'software-update': ['core'],
  'bulk-transfer': ['core', 'software-update'],
  'image-slots': ['core', 'storage', 'software-update'],
  'management-server': HEART,
  intermediary: HEART,
  'device-emulator': HEART,
  testbed: [...HEART, ...TIERS],
  cli: [...HEART, ...TIERS, 'testbed'],
};

const SCOPE = '@postern/';

/** Breaches of the arrows, each beginning with the place where it is. */
export const arrowBreaches = (packages: readonly WorkspacePackage[], arrows: Arrows): readonly string[] =>
  packages.flatMap((pkg) => [
    ...declarationBreaches(pkg, arrows),
    ...pkg.sources.flatMap(importsOf).flatMap((found) => importBreaches(found, pkg, packages, arrows)),
  ]);

/** Declared dependencies that neither sources nor tests of the package import. */
export const unusedDependencies = (packages: readonly WorkspacePackage[]): readonly string[] =>
  packages.flatMap(({ folder, dependencies, sources, tests }) => {
    const used = new Set(
      [...sources, ...tests].flatMap(importsOf).map(({ specifier }) => packageOf(specifier)),
    );
    return dependencies
      .filter((name) => name.startsWith(SCOPE) && !used.has(name))
      .map((name) => `packages/${folder}/package.json: ${name} is declared and never imported`);
  });

const declarationBreaches = (pkg: WorkspacePackage, arrows: Arrows): string[] => {
  const { folder, references } = pkg;
  const allowed = arrows[folder];
  if (allowed === undefined) return [`packages/${folder}: has no room in the architecture`];
  const declared = ownDependencies(pkg);
  return [
    ...declared
      .filter((name) => !allowed.includes(name))
      .map((name) => `packages/${folder}/package.json: ${folder} may not depend on ${name}`),
    ...declared
      .filter((name) => !references.includes(name))
      .map((name) => `packages/${folder}/tsconfig.json: lacks the reference to ${name}`),
    ...references
      .filter((name) => !declared.includes(name))
      .map(
        (name) => `packages/${folder}/tsconfig.json: refers to ${name}, which the manifest does not declare`,
      ),
  ];
};

const importBreaches = (
  { at, specifier }: Import,
  pkg: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  arrows: Arrows,
): string[] => {
  const name = packageOf(specifier);
  if (name === undefined) return [];
  if (!name.startsWith(SCOPE)) {
    return pkg.dependencies.includes(name)
      ? []
      : [`${at}: imports ${name}, which the manifest does not declare`];
  }
  const folder = name.slice(SCOPE.length);
  const target = packages.find((candidate) => candidate.folder === folder);
  if (target === undefined) return [`${at}: imports ${name}, which does not exist`];
  if (folder === pkg.folder) return [`${at}: imports its own package by name`];
  if (!arrows[pkg.folder]?.includes(folder)) return [`${at}: ${pkg.folder} may not import ${folder}`];
  if (!pkg.dependencies.includes(name))
    return [`${at}: imports ${name}, which the manifest does not declare`];
  const subpath = `.${specifier.slice(name.length)}`;
  if (!target.exports.includes(subpath)) return [`${at}: ${specifier} is not among the exports of ${name}`];
  return [];
};

const ownDependencies = ({ dependencies }: WorkspacePackage): string[] =>
  dependencies.filter((name) => name.startsWith(SCOPE)).map((name) => name.slice(SCOPE.length));
