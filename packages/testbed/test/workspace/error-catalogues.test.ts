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
