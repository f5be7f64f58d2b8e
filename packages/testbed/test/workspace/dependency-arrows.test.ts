import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  ARROWS,
  arrowBreaches,
  importCycles,
  readWorkspace,
  unusedDependencies,
} from '../../src/workspace/index.ts';
import { ROOT } from '../support/root.ts';

const packages = readWorkspace(ROOT);

describe('dependencies between packages', () => {
  it('follow the arrows of the architecture, in manifests, references and imports', () => {
    expect(arrowBreaches(packages, ARROWS)).toEqual([]);
  });

  it('are declared only where they are used', () => {
    expect(unusedDependencies(packages)).toEqual([]);
  });

  it('form no cycles inside a package', () => {
    expect(packages.flatMap(({ sources }) => importCycles(sources))).toEqual([]);
  });
});

describe('a forbidden import', () => {
  const root = mkdtempSync(join(tmpdir(), 'postern-arrows-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const place = (folder: string): string => join(root, 'packages', folder);
  for (const folder of ['core', 'intermediary', 'device-emulator']) {
    mkdirSync(join(place(folder), 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) {
      cpSync(join(ROOT, 'packages', folder, file), join(place(folder), file));
    }
  }
  const breachesOf = (folder: string, file: string, text: string): readonly string[] => {
    const path = join(place(folder), 'src', file);
    writeFileSync(path, text);
    const breaches = arrowBreaches(readWorkspace(root), ARROWS);
    rmSync(path);
    return breaches;
  };

  it('is reported with file and line', () => {
    const text = "/** import '@postern/pki' */\n\nimport { x } from '@postern/intermediary';\n";
    expect(breachesOf('core', 'up.ts', text)).toEqual([
      'packages/core/src/up.ts:3: core may not import intermediary',
    ]);
  });

  it('is reported between tiers, of types and dynamic ones too', () => {
    const text = [
      "import type {\n  A,\n} from '@postern/device-emulator';",
      "export const b = () => import('@postern/device-emulator');",
    ].join('\n');
    expect(breachesOf('intermediary', 'across.ts', text)).toEqual([
      'packages/intermediary/src/across.ts:3: intermediary may not import device-emulator',
      'packages/intermediary/src/across.ts:4: intermediary may not import device-emulator',
    ]);
  });

  it('is reported past the exports of a package', () => {
    expect(breachesOf('intermediary', 'deep.ts', "export * from '@postern/core/src/clock.ts';\n")).toEqual([
      'packages/intermediary/src/deep.ts:1: @postern/core/src/clock.ts is not among the exports of @postern/core',
    ]);
  });

  it('is reported of what only another package installs', () => {
    expect(breachesOf('core', 'hoisted.ts', "import 'undici';\n")).toEqual([
      'packages/core/src/hoisted.ts:1: imports undici, which the manifest does not declare',
    ]);
  });

  it('is reported when it closes a cycle', () => {
    const a = { path: 'packages/core/src/a.ts', text: "import { b } from './b.ts';\n" };
    const b = { path: 'packages/core/src/b.ts', text: "import { a } from './a.ts';\n" };
    const typed = { path: 'packages/core/src/b.ts', text: "import type { a } from './a.ts';\n" };
    expect(importCycles([a, b])).toEqual([`${a.path} → ${b.path} → ${a.path}`]);
    expect(importCycles([a, typed])).toEqual([]);
  });
});
