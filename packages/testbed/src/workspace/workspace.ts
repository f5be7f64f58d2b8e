import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One TypeScript file. */
export interface SourceFile {
  /** From the workspace's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** One package as its files tell it. */
export interface WorkspacePackage {
  /** Folder name below packages/, e.g. `soap-rpc`; its npm name is `@postern/soap-rpc`. */
  readonly folder: string;
  /** Names of `dependencies` in its manifest. */
  readonly dependencies: readonly string[];
  /** Subpaths of `exports`, e.g. `.` and `./testing`. */
  readonly exports: readonly string[];
  /** Folder names that its tsconfig refers to. */
  readonly references: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly tests: readonly SourceFile[];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

interface Tsconfig {
  readonly references?: readonly { readonly path: string }[];
}

/**
 * Reads all packages below `root`/packages.
 *
 * @throws Node's error when a manifest is missing or no JSON
 */
export const readWorkspace = (root: string): readonly WorkspacePackage[] =>
  readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readPackage(root, entry.name));

const readPackage = (root: string, folder: string): WorkspacePackage => {
  const place = join(root, 'packages', folder);
  const manifest = readJson<Manifest>(join(place, 'package.json'));
  const tsconfig = readJson<Tsconfig>(join(place, 'tsconfig.json'));
  return {
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    exports: Object.keys(manifest.exports ?? {}),
    references: (tsconfig.references ?? []).map(({ path }) => path.replace(/^\.\.\//, '')),
    sources: readSources(root, join(place, 'src')),
    tests: readSources(root, join(place, 'test')),
  };
};

const readSources = (root: string, folder: string): SourceFile[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: relative(root, path).replaceAll('\\', '/'),
      text: readFileSync(path, 'utf8'),
    }));
};

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
