import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { removeOtherPrograms, unpackProgram } from '../../src/own-software/unpack-program.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { componentOf, programOf, type TarEntry, tarOf } from './programs.ts';

const packed = (image: Buffer, version = '2.0.0') => ({
  sha256: componentOf(version, image).sha256,
  version,
  image: Readable.from([image.subarray(0, 700), image.subarray(700)]),
});

const MANIFEST = { path: 'package.json', content: '{"version":"2.0.0","main":"main.mjs"}' };
const MAIN = { path: 'main.mjs', content: '1' };

/** @spec U21 */
describe('a program', () => {
  test('is unpacked under the digest of its image', async () => {
    const directory = join(await temporaryDirectory(), 'programs');
    const image = programOf('2.0.0');
    const main = await unpackProgram(directory, packed(image));
    expect(main).toBe(join(directory, packed(image).sha256, 'lib/main.mjs'));
    expect(await readFile(main, 'utf8')).toBe('// 2.0.0\n');
  });

  test('of which an interrupted process left a part is unpacked anew; one that is there is not touched', async () => {
    const directory = join(await temporaryDirectory(), 'programs');
    const image = programOf('2.0.0');
    const { sha256 } = packed(image);
    await mkdir(join(directory, `.${sha256}`), { recursive: true });
    await writeFile(join(directory, `.${sha256}`, 'package.json'), '{"half":');
    const main = await unpackProgram(directory, packed(image));
    await writeFile(main, 'stays');
    expect(await unpackProgram(directory, packed(image))).toBe(main);
    expect(await readFile(main, 'utf8')).toBe('stays');
    expect(await readdir(directory)).toEqual([sha256]);
  });

  test('that no slot holds any more is removed', async () => {
    const directory = join(await temporaryDirectory(), 'programs');
    const [old, fresh] = [programOf('1.0.0'), programOf('2.0.0')];
    await unpackProgram(directory, packed(old, '1.0.0'));
    await unpackProgram(directory, packed(fresh));
    await removeOtherPrograms(directory, [packed(fresh).sha256]);
    expect(await readdir(directory)).toEqual([packed(fresh).sha256]);
  });

  test.each<[string, readonly TarEntry[]]>([
    ['leaves its folder', [MANIFEST, MAIN, { path: '../outside.mjs', content: '1' }]],
    ['leaves its folder deep inside', [MANIFEST, MAIN, { path: 'a/../../outside.mjs', content: '1' }]],
    ['names a place of the machine', [MANIFEST, MAIN, { path: '/tmp/outside.mjs', content: '1' }]],
    ['has a link', [MANIFEST, MAIN, { path: 'link', type: '2' }]],
    ['has a file twice', [MANIFEST, MAIN, MAIN]],
    ['has a file in place of a folder', [MANIFEST, MAIN, { path: 'main.mjs/x', content: '1' }]],
    ['has no package.json', [MAIN]],
    ['has no main file', [MANIFEST]],
    ['has a main file elsewhere', [{ ...MANIFEST, content: '{"version":"2.0.0","main":"../main.mjs"}' }]],
    ['is of another version', [{ ...MANIFEST, content: '{"version":"1.9.0","main":"main.mjs"}' }, MAIN]],
  ])('that %s is refused, and nothing lies outside', async (_, entries) => {
    const root = await temporaryDirectory();
    const directory = join(root, 'programs');
    const unpacking = unpackProgram(directory, packed(tarOf(entries)));
    await expect(unpacking).rejects.toMatchObject({ code: 'program-invalid' });
    expect(await readdir(root)).toEqual(['programs']);
  });

  test('that is no tar file is refused', async () => {
    const directory = join(await temporaryDirectory(), 'programs');
    const image = Buffer.alloc(2_000, 'x');
    await expect(unpackProgram(directory, packed(image))).rejects.toMatchObject({ code: 'program-invalid' });
  });
});
