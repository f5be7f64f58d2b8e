import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ENTRY = fileURLToPath(new URL('../../../src/ftp/server/index.ts', import.meta.url));

/** What a module and everything it reaches by relative imports imports from elsewhere at run time. */
const foreignImports = (file: string, seen = new Set<string>()): string[] => {
  if (seen.has(file)) return [];
  seen.add(file);
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm,
  );
  return [...statements].flatMap(([, from = '']) =>
    from.startsWith('.') ? foreignImports(resolve(dirname(file), from), seen) : [from],
  );
};

/** @spec D5 */
describe('the FTP server alone', () => {
  it('imports node:net, streams and core, and no TLS code', () => {
    expect([...new Set(foreignImports(ENTRY))].sort()).toEqual([
      '@postern/core',
      'node:net',
      'node:stream',
      'node:stream/promises',
    ]);
  });
});
