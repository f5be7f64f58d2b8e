import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { ROOT } from '../support/root.ts';

/** Tooling is plain JavaScript and has no types. */
const TOOL = pathToFileURL(join(ROOT, 'packages/testbed/tooling/scheme-table.js')).href;
const { schemePage } = (await import(TOOL)) as { readonly schemePage: () => string };

/** @spec U11 U12 U15 U16 U17 U18 P1 A1 A2 A3 */
it('update schemes are told by docs/schemes.md as they are judged; packages/testbed/tooling/scheme-table.js writes it', () => {
  expect(readFileSync(join(ROOT, 'docs/schemes.md'), 'utf8')).toBe(schemePage());
});
