import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { specRows } from '@postern/contracts';
import { readWorkspace, specBreaches, specCoverage, specPage } from '../../src/workspace/index.ts';
import { ROOT } from '../support/root.ts';

const coverage = specCoverage(readWorkspace(ROOT));

describe('rows of the specification', () => {
  it('are the ones that tags name, and the finished ones have code and tests', () => {
    expect(specBreaches(specRows, coverage)).toEqual([]);
  });

  it('are told by docs/spec.md as they are; `npm run spec` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/spec.md'), 'utf8')).toBe(specPage(specRows, coverage));
  });
});

describe('the check', () => {
  const row = { text: '', figure: '', finished: true };
  const tagged = (tags: string): ReturnType<typeof specCoverage> =>
    specCoverage([
      {
        folder: 'pki',
        dependencies: [],
        exports: [],
        references: [],
        sources: [{ path: 'packages/pki/src/a.ts', text: `/**\n * Code.\n * @spec ${tags}\n */\n` }],
        tests: [{ path: 'packages/pki/test/a.test.ts', text: '/** @spec A1 */\n// mentions `@spec <id>`\n' }],
      },
    ]);

  it('finds tags of unknown rows', () => {
    expect(specBreaches([{ ...row, id: 'A1' }], tagged('A1 Z9'))).toEqual([
      'packages/pki/src/a.ts: no row Z9',
    ]);
  });

  it('finds finished rows without code or tests', () => {
    const rows = [
      { ...row, id: 'A1' },
      { ...row, id: 'A2' },
      { ...row, id: 'A3', finished: false },
    ];
    expect(specBreaches(rows, tagged('A2'))).toEqual([
      'A1 is finished, and no code is tagged with it',
      'A2 is finished, and no test is tagged with it',
    ]);
  });
});
