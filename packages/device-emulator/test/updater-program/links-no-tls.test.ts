import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const PACKAGES = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = join(PACKAGES, 'device-emulator/src/updater-program/main.ts');

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly 'postern-source': string }>>;
}

/** The source file that a package of ours exports under this name. */
const ownSource = (specifier: string): string => {
  const [, name = '', rest = ''] = /^@postern\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const root = join(PACKAGES, name);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  return join(root, exports[`.${rest}`]?.['postern-source'] ?? 'missing');
};

interface Graph {
  readonly own: Set<string>;
  readonly foreign: Set<string>;
}

/** Everything that a file imports at run time, followed through our own packages; types leave nothing behind. */
const walk = (file: string, graph: Graph = { own: new Set(), foreign: new Set() }): Graph => {
  if (graph.own.has(file)) return graph;
  graph.own.add(file);
  const source = readFileSync(file, 'utf8');
  const statements = source.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm);
  for (const [, from = ''] of [...statements, ...source.matchAll(/\bimport\('([^']+)'\)/g)]) {
    if (from.startsWith('.')) walk(resolve(dirname(file), from), graph);
    else if (from.startsWith('@postern/')) walk(ownSource(from), graph);
    else graph.foreign.add(from);
  }
  return graph;
};

/** @spec D5 */
describe('the compact updater program', () => {
  const { own, foreign } = walk(ENTRY);

  test('is made of three packages, the device-emulator itself and the file primitives of storage', () => {
    const packages = [...own].map((file) => file.slice(PACKAGES.length).split('/').filter(Boolean)[0]);
    expect([...new Set(packages)].sort()).toEqual([
      'bulk-transfer',
      'core',
      'device-emulator',
      'image-slots',
      'software-update',
      'storage',
    ]);
    expect(
      [...own].filter((file) => /storage\/src\/(database|images|directory-lock|index)/.test(file)),
    ).toEqual([]);
    expect(
      [...own].filter((file) => /device-emulator\/src\/firmware|bulk-transfer\/src\/ftp\/client/.test(file)),
    ).toEqual([]);
  });

  test('imports Node and the logger, and nothing else', () => {
    expect(
      [...foreign].filter(
        (name) => !/^node:(crypto|fs|fs\/promises|net|path|stream|stream\/promises)$/.test(name),
      ),
    ).toEqual(['pino']);
  });

  test('brings no TLS, HTTP or XML code into its process', async () => {
    const script = `
      for (const name of ${JSON.stringify([...foreign])}) await import(name);
      const { createRequire } = await import('node:module');
      const required = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify([...process.moduleLoadList, ...required]));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(PACKAGES, 'core'),
    });
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded).toContain('NativeModule net');
    expect(loaded.filter((name) => /tls|https?$|undici|saxes|sqlite/i.test(name))).toEqual([]);
  });
});
