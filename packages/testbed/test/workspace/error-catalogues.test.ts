import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UPDATE_ERRORS } from '@postern/software-update';
import {
  declaredCodes,
  errorPage,
  readWorkspace,
  unmentioned,
  usedCodes,
  type WorkspacePackage,
} from '../../src/workspace/index.ts';
import { ROOT } from '../support/root.ts';

const packages = readWorkspace(ROOT);
const declared = packages.flatMap(declaredCodes);

describe('error codes', () => {
  it('are declared wherever an error is made with one', () => {
    const known = new Set(declared.map(({ code }) => code));
    const unknown = packages.flatMap(usedCodes).filter(({ code }) => !known.has(code));
    expect(unknown.map(({ at, code }) => `${at}: ${code}`)).toEqual([]);
  });

  it('are used wherever they are declared', () => {
    expect(unmentioned(declared, packages).map(({ folder, code }) => `${folder}: ${code}`)).toEqual([]);
  });

  it('of an update are read from the sources as the program knows them', () => {
    const heart = declared.filter(({ folder, meaning }) => folder === 'software-update' && meaning !== '');
    expect(Object.fromEntries(heart.map(({ code, meaning }) => [code, meaning]))).toEqual(UPDATE_ERRORS);
  });

  it('are told by docs/errors.md as they are; `npm run spec` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')).toBe(errorPage(packages));
  });
});

describe('the check', () => {
  const pkg = (text: string): WorkspacePackage => ({
    folder: 'pki',
    dependencies: [],
    exports: [],
    references: [],
    sources: [{ path: 'packages/pki/src/a.ts', text }],
    tests: [],
  });
  const catalogue =
    "export const PKI_ERRORS = {\n  'key-open': \"The node's key.\",\n  lost: 'Gone.',\n} as const;\n";

  it('reads catalogues and unions', () => {
    const union = "export type OtherCode =\n  | 'one-code'\n  | 'two-code';\n";
    expect(declaredCodes(pkg(catalogue + union))).toEqual([
      { folder: 'pki', code: 'key-open', meaning: "The node's key." },
      { folder: 'pki', code: 'lost', meaning: 'Gone.' },
      { folder: 'pki', code: 'one-code', meaning: '' },
      { folder: 'pki', code: 'two-code', meaning: '' },
    ]);
  });

  it('finds where errors are made, and not what comments say', () => {
    const text =
      "// pkiError('not-made')\nthrow pkiError(\n  'key-open', 'x');\nnew PosternError<C>('lost', 'y');\n";
    expect(usedCodes(pkg(text))).toEqual([
      { code: 'key-open', at: 'packages/pki/src/a.ts:2' },
      { code: 'lost', at: 'packages/pki/src/a.ts:4' },
    ]);
  });

  it('finds declared codes that nothing mentions', () => {
    const used = pkg(`${catalogue}throw pkiError('lost', 'x');\n`);
    expect(unmentioned(declaredCodes(used), [used]).map(({ code }) => code)).toEqual(['key-open']);
  });
});
