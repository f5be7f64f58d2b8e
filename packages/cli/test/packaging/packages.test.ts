import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
  installPacked,
  NODE_TYPES,
  type PackedPackage,
  packAll,
  runIn,
  TYPESCRIPT,
} from './packed-project.ts';

// These run the build (`npm test` makes it), outside the workspace: what a package does not bring, it has not.
jest.setTimeout(120_000);

let directory = '';
let packages: readonly PackedPackage[] = [];
let project = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-packages-'));
  packages = await packAll(directory);
  project = await installPacked(directory, packages);
});
afterAll(() => rm(directory, { recursive: true }));

/** What is wrong, package by package: the list tells all of it at once. */
const wrong = async (
  look: (one: PackedPackage) => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  const found = await Promise.all(
    packages.map(async (one) => (await look(one)).map((what) => `${one.manifest.name}: ${what}`)),
  );
  return found.flat();
};

test('every package brings licence, README and what it exports; no tests, no traces of the build', async () => {
  expect(packages.length).toBeGreaterThanOrEqual(13);
  const found = await wrong(async ({ manifest, files }) => {
    const exported = Object.values(manifest.exports).flatMap((conditions) => Object.values(conditions));
    const lacking = ['LICENSE', 'README.md', ...exported.map((path) => path.replace(/^\.\//, ''))];
    return [
      ...lacking.filter((path) => !files.includes(path)).map((path) => `lacks ${path}`),
      ...files
        .filter((path) => /(^|\/)test\/|\.test\.|tsbuildinfo/.test(path))
        .map((path) => `holds ${path}`),
    ];
  });
  expect(found).toEqual([]);
});

test('every source map names a source that is there, and everything built has one', async () => {
  const found = await wrong(async ({ folder, files }) => {
    const maps = files.filter((path) => path.startsWith('dist/') && path.endsWith('.map'));
    const missing = await Promise.all(
      maps.map(async (map) => {
        const { sources } = JSON.parse(await readFile(join(folder, map), 'utf8')) as { sources: string[] };
        return sources.filter((source) => !existsSync(join(folder, dirname(map), source)));
      }),
    );
    return missing.flat().map((source) => `a map names ${source}`);
  });
  expect(found).toEqual([]);
});

test('all have one version and one licence, and ask for exactly each other', async () => {
  const versions = new Set(packages.map(({ manifest }) => manifest.version));
  expect([...versions]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  const [version] = versions;
  const found = await wrong(async ({ manifest }) => [
    ...(manifest.license === 'Apache-2.0' ? [] : [`licence ${manifest.license}`]),
    ...Object.entries(manifest.dependencies ?? {})
      .filter(([name, range]) => name.startsWith('@postern/') && range !== version)
      .map(([name, range]) => `asks for ${name} ${range}`),
  ]);
  expect(found).toEqual([]);
});

test('what the code imports, also later, is declared; what is declared is imported', async () => {
  const found = await wrong(async ({ manifest, folder, files }) => {
    const imported = new Set<string>();
    for (const path of files.filter((each) => /^(dist|bin|panel-page)\/.*\.(js|d\.ts)$/.test(each))) {
      for (const name of importedPackages(await readFile(join(folder, path), 'utf8'))) imported.add(name);
    }
    imported.delete(manifest.name);
    const declared = Object.keys(manifest.dependencies ?? {}).map((name) => name.replace(/^@types\//, ''));
    return [
      ...[...imported].filter((name) => !declared.includes(name)).map((name) => `does not declare ${name}`),
      ...declared.filter((name) => !imported.has(name)).map((name) => `has no use for ${name}`),
    ];
  });
  expect(found).toEqual([]);
});

/** Packages that a built module names in imports, dynamic ones and `require.resolve`. */
const importedPackages = (code: string): readonly string[] => {
  const named = /(?:\bfrom|\bimport|\bimport\(|\brequire(?:\.resolve)?\()\s*['"]([^'".\s][^'"\s]*)['"]/g;
  return [...code.replace(/^\s*(\*|\/\/|\/\*).*$/gm, '').matchAll(named)]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
};

/** Exports to be run, not imported. */
const PROGRAMS = ['@postern/device-emulator/updater-program'];

test('every export can be imported from an empty project', async () => {
  const names = exportedNames().filter((name) => !PROGRAMS.includes(name));
  await writeFile(
    join(project, 'import-all.js'),
    `for (const name of ${JSON.stringify(names)}) {
      const found = Object.keys(await import(name));
      if (found.length === 0) throw new Error(name + ' exports nothing');
    }
    console.log('all');`,
  );
  expect(await runIn(project, 'import-all.js')).toMatchObject({ stderr: '', stdout: 'all\n', code: 0 });
});

const exportedNames = (): readonly string[] =>
  packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports).map((path) => `${manifest.name}${path.slice(1)}`),
  );

test('their types hold in a strict project', async () => {
  await mkdir(join(project, 'node_modules', '@types'), { recursive: true });
  await symlink(NODE_TYPES, join(project, 'node_modules', '@types', 'node'));
  const lines = exportedNames().map(
    (name, at) => `import * as export${at} from '${name}';\nvoid export${at};`,
  );
  await writeFile(join(project, 'types.ts'), `${lines.join('\n')}\n`);
  const options = {
    strict: true,
    noEmit: true,
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    types: ['node'],
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, skipLibCheck: false }, files: ['types.ts'] }),
  );
  const { stdout } = await runIn(project, TYPESCRIPT, '-p', '.');
  // Declarations of other vendors' packages are theirs to mend.
  const ours = stdout.split('\n').filter((line) => /(^|[/\\])(@postern[/\\]|types\.ts)/.test(line));
  expect(ours).toEqual([]);
});

const postern = (...argv: string[]) => runIn(project, join('node_modules', '.bin', 'postern'), ...argv);

test('the installed command tells its version and makes identities', async () => {
  expect(await postern('--version')).toMatchObject({ code: 0, stdout: `${packages[0]?.manifest.version}\n` });
  expect(await postern('pki', 'init', '--ca', 'ca')).toMatchObject({ code: 0 });
  const issued = await postern('pki', 'issue', 'urn:postern:device:mfp-1', '--ca', 'ca', '--json');
  expect(JSON.parse(issued.stdout)).toMatchObject({ directory: 'mfp-1' });
});

test('the installed demo updates a device: server, firewall, intermediary and device from packages', async () => {
  const { stdout, stderr, code } = await postern(
    'demo',
    '--once',
    '--json',
    '--sites',
    'a',
    '--devices',
    '1',
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    event: 'update-finished',
    state: 'verified',
  });
  expect(code).toBe(0);
});
