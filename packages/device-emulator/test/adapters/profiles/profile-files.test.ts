import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { profileNamed, shippedProfiles } from '@postern/device-emulator';
import fc from 'fast-check';
import { readProfile } from '../../../src/adapters/profiles/read-profile.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const SHIPPED = fileURLToPath(new URL('../../../profiles/', import.meta.url));

/** @spec T4 */
describe('the profiles of the package', () => {
  test('are those of Fig 25, and one more with applications', () => {
    expect(shippedProfiles()).toEqual([
      'air-conditioner',
      'aircraft',
      'automobile',
      'medical-appliance',
      'mfp',
      'mfp-apps',
      'printer',
      'refrigerator',
      'television',
      'utility-meter',
      'vending-machine',
    ]);
  });

  test.each(shippedProfiles())('%s bears the name of its file', (name) => {
    expect(profileNamed(name).name).toBe(name);
  });

  test('have models of their own', () => {
    const models = shippedProfiles().map((name) => profileNamed(name).model);
    expect(new Set(models).size).toBe(models.length);
  });

  test('give what moves its own firewall and intermediary function, and nothing else', () => {
    const carrying = shippedProfiles().filter((name) => profileNamed(name).carries.intermediary);
    expect(carrying).toEqual(['aircraft', 'automobile']);
    expect(carrying.every((name) => profileNamed(name).carries.firewall)).toBe(true);
  });

  test('are read once', () => {
    expect(profileNamed('mfp')).toBe(profileNamed('mfp'));
  });
});

/** @spec T4 */
describe('a profile of somebody else', () => {
  test('is taken by its path', async () => {
    const path = join(await temporaryDirectory(), 'fridge.yaml');
    await writeFile(
      path,
      readFileSync(join(SHIPPED, 'refrigerator.yaml'), 'utf8').replace('Fridge-300', 'X'),
    );
    expect(profileNamed(path)).toMatchObject({ name: 'refrigerator', model: 'Postern X' });
  });

  test('is refused with file, line and column of every mistake', async () => {
    const path = join(await temporaryDirectory(), 'fridge.yaml');
    const text = readFileSync(join(SHIPPED, 'refrigerator.yaml'), 'utf8');
    await writeFile(path, `${text.replace('counter: defrostings', 'counter: nothing')}\ncolour: red\n`);
    expect(() => profileNamed(path)).toThrow(
      expect.objectContaining({
        code: 'profile-invalid',
        message: expect.stringMatching(/^\S+fridge\.yaml:\d+:1: colour: There is no such key$/m),
      }),
    );
  });

  test('is refused when it cannot be read, or is far too long', async () => {
    const directory = await temporaryDirectory();
    expect(() => profileNamed(join(directory, 'none.yaml'))).toThrow(
      expect.objectContaining({ code: 'profile-unreadable' }),
    );
    expect(() => profileNamed(directory)).toThrow(expect.objectContaining({ code: 'profile-unreadable' }));
    const path = join(directory, 'long.yaml');
    await writeFile(path, Buffer.alloc(10_000_000, 0x20));
    expect(() => profileNamed(path)).toThrow(expect.objectContaining({ code: 'profile-invalid' }));
  });

  test('of the package is named exactly', () => {
    for (const name of ['toaster', 'MFP', '..', 'mfp\0', 'constructor']) {
      expect(() => profileNamed(name)).toThrow(expect.objectContaining({ code: 'profile-unknown' }));
    }
  });

  test('is read or refused with a place in it, whatever was done to the text', () => {
    const texts = shippedProfiles().map((name) => readFileSync(join(SHIPPED, `${name}.yaml`), 'utf8'));
    const scrap = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '\n',
        ':',
        ': ',
        '[',
        ']',
        '{',
        '}',
        '- ',
        '#',
        "'",
        '"',
        '&a ',
        '*a',
        '!x ',
        '|',
        '\t',
      ),
      fc.constantFrom(
        'null',
        '1e999',
        '-1',
        '.nan',
        '__proto__: 1\n',
        'counter: x',
        '\u0000',
        '\ufeff',
        '---\n',
      ),
      fc.string({ maxLength: 8 }),
    );
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), scrap), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.constantFrom(...texts), edits, (text, changes) => {
        const changed = changes.reduce((current, [where, cut, put]) => {
          const at = Math.floor(where * current.length);
          return current.slice(0, at) + put + current.slice(at + cut);
        }, text);
        const read = readProfile(changed);
        if ('profile' in read) return;
        const lines = changed.split('\n').length;
        for (const { line, column, message } of read.mistakes) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });
});
