import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { houseRuleBreaches, readWorkspace } from '../../src/workspace/index.ts';
import { ROOT } from '../support/root.ts';

const packages = readWorkspace(ROOT);

describe('sources', () => {
  it('take time and chance through the ports, and let the compiler check everything', () => {
    expect(packages.flatMap(({ sources }) => sources.flatMap(houseRuleBreaches))).toEqual([]);
  });

  it('are found out when they do not', () => {
    const text = [
      "const label = 'Date.now()'; // setTimeout(",
      'const at = Date.now();',
      'const later = setTimeout(() => /["/]/.test(label), 1);',
      'const loose = at as any;',
      `// @${'ts'}-ignore`,
    ].join('\n');
    expect(houseRuleBreaches({ path: 'packages/pki/src/x.ts', text })).toEqual([
      'packages/pki/src/x.ts:2: takes the time past the Clock',
      'packages/pki/src/x.ts:3: waits past the Clock',
      'packages/pki/src/x.ts:4: uses any',
      'packages/pki/src/x.ts:5: silences the compiler',
    ]);
    expect(houseRuleBreaches({ path: 'packages/core/src/adapters/x.ts', text })).toHaveLength(2);
  });
});

describe('the repository', () => {
  it('holds no private key', () => {
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/;
    const withKey = textFiles(ROOT).filter((path) => key.test(readFileSync(path, 'latin1')));
    expect(withKey.map((path) => relative(ROOT, path))).toEqual([]);
  });
});

/** What git ignores: the state of the demo is in .postern. */
const NOT_OURS = ['node_modules', 'dist', '.git', '.postern'];

function textFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : textFiles(path);
    return entry.isFile() ? [path] : [];
  });
}
