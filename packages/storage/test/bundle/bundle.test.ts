import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { errorCode } from '@postern/core';
import {
  type BundleEntry,
  packBundle,
  readBundleFolder,
  readBundleTar,
  writeBundleFolder,
  writeBundleTar,
} from '@postern/storage';
import { pack } from 'tar-stream';
import { temporaryDirectory } from '../support/directory.ts';

const MANIFEST = Buffer.from('{"payload":"…"}');
const ROTATIONS = [Buffer.from('{"one":1}'), Buffer.from('{"two":2}')];
const IMAGES = [Buffer.alloc(300_001, 7), Buffer.alloc(512, 8), Buffer.from('x')];
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

const content = async () => ({
  signedManifest: MANIFEST,
  keyRotations: ROTATIONS,
  images: await Promise.all(
    IMAGES.map(async (bytes, index) => {
      const file = join(directory, `image-${index}`);
      await writeFile(file, bytes);
      return { sha256: digest(bytes), length: bytes.length, file };
    }),
  ),
});

/** What a reader gives, with the digests of what the images really hold. */
const told = async (entries: AsyncIterable<BundleEntry>, read = true): Promise<string[]> => {
  const lines: string[] = [];
  for await (const entry of entries) {
    if (entry.kind !== 'image') {
      lines.push(`${entry.kind} ${Buffer.from(entry.content).toString()}`);
      continue;
    }
    const hash = createHash('sha256');
    if (read) for await (const chunk of entry.content) hash.update(chunk);
    lines.push(`image ${entry.length} ${!read || hash.digest('hex') === entry.sha256}`);
  }
  return lines;
};

const EXPECTED = [
  `manifest ${MANIFEST}`,
  ...ROTATIONS.map((record) => `key-rotation ${record}`),
  ...IMAGES.map(({ length }) => `image ${length} true`),
];

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec I5 */
describe('a bundle', () => {
  test('comes back as it was written, as a tar file and as a folder', async () => {
    const file = join(directory, 'release.tar');
    await writeBundleTar(file, await content());
    expect(await told(readBundleTar(createReadStream(file, { highWaterMark: 333 })))).toEqual(EXPECTED);
    expect(await told(readBundleTar(createReadStream(file)), false)).toEqual(EXPECTED);

    const folder = join(directory, 'release');
    await writeBundleFolder(folder, await content());
    const sorted = (lines: string[]): string[] => [...lines].sort();
    expect(sorted(await told(readBundleFolder(folder)))).toEqual(sorted(EXPECTED));
    expect(sorted(await told(readBundleFolder(folder), false))).toEqual(sorted(EXPECTED));
    expect(sorted(await told(readBundleTar(packBundle(readBundleFolder(folder)))))).toEqual(sorted(EXPECTED));
  });

  test('is equal bytes for equal content, and never overwrites a folder', async () => {
    for (const name of ['a.tar', 'b.tar']) await writeBundleTar(join(directory, name), await content());
    expect(await readFile(join(directory, 'a.tar'))).toEqual(await readFile(join(directory, 'b.tar')));
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
    await mkdir(join(directory, 'there'));
    expect(await codeOf(writeBundleFolder(join(directory, 'there'), await content()))).toBe('bundle-exists');
  });

  test('whose reader goes away before the end lets go of its source', async () => {
    const file = join(directory, 'release.tar');
    await writeBundleTar(file, await content());
    const source = createReadStream(file);
    for await (const entry of readBundleTar(source)) if (entry.kind === 'image') break;
    expect(source.destroyed).toBe(true);
  });
});

type Item = {
  name: string;
  type?: 'file' | 'symlink' | 'link' | 'directory';
  linkname?: string;
  bytes?: Buffer;
};

const tarOf = async (items: readonly Item[]): Promise<Buffer> => {
  const archive = pack();
  for (const { bytes = Buffer.alloc(0), ...header } of items) archive.entry(header, bytes);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const manifest: Item = { name: 'manifest.dsse.json', bytes: MANIFEST };
const image: Item = { name: `images/${digest(IMAGES[2] as Buffer)}`, bytes: IMAGES[2] as Buffer };

/** @spec I5 */
describe('a tar file is refused', () => {
  test.each<[string, readonly Item[]]>([
    ['with a path that leaves it', [manifest, { name: '../etc/passwd', bytes: MANIFEST }]],
    ['with an absolute path', [manifest, { name: '/etc/passwd', bytes: MANIFEST }]],
    ['with a symbolic link', [manifest, { name: image.name, type: 'symlink', linkname: '/etc/passwd' }]],
    ['with a hard link', [manifest, { name: image.name, type: 'link', linkname: '/etc/passwd' }]],
    ['with a file that is none of ours', [manifest, { name: 'readme.txt', bytes: MANIFEST }]],
    ['without a manifest', []],
    ['with an image before the manifest', [image, manifest]],
    [
      'with a rotation after an image',
      [manifest, image, { name: 'key-rotations/001.dsse.json', bytes: MANIFEST }],
    ],
    ['with two manifests', [manifest, manifest]],
    ['with the same image twice', [manifest, image, image]],
    ['with a long manifest', [{ name: manifest.name, bytes: Buffer.alloc(65_537) }]],
    ['with an empty image', [manifest, { name: image.name }]],
    ['with a long name', [manifest, { name: `images/${'a'.repeat(200)}`, bytes: MANIFEST }]],
  ])('%s', async (_name, items) => {
    expect(await codeOf(told(readBundleTar(once(await tarOf(items)))))).toBe('bundle-invalid');
  });

  test('that ends in the middle, is damaged, or is none', async () => {
    const whole = await tarOf([manifest, image]);
    expect(await told(readBundleTar(once(whole)))).toHaveLength(2);
    expect(await codeOf(told(readBundleTar(once(whole.subarray(0, 1_537)))))).toBe('bundle-invalid');
    const damaged = Buffer.from(whole);
    damaged[3] = 65;
    expect(await codeOf(told(readBundleTar(once(damaged))))).toBe('bundle-invalid');
    expect(await codeOf(told(readBundleTar(once(Buffer.alloc(4_096, 'no tar ')))))).toBe('bundle-invalid');
  });

  test('that holds more or longer images than are taken', async () => {
    const limits = { recordBytes: 100, keyRotations: 1, images: 1, imageBytes: 1_000 };
    const other = { name: `images/${digest(IMAGES[1] as Buffer)}`, bytes: IMAGES[1] as Buffer };
    const long = { name: `images/${digest(IMAGES[0] as Buffer)}`, bytes: IMAGES[0] as Buffer };
    const read = async (items: readonly Item[]) =>
      codeOf(told(readBundleTar(once(await tarOf(items)), limits)));
    expect(await read([manifest, other])).toBe('succeeded');
    expect(await read([manifest, other, image])).toBe('bundle-invalid');
    expect(await read([manifest, long])).toBe('bundle-invalid');
  });
});

/** @spec I5 */
test('a folder with links is refused', async () => {
  const folder = join(directory, 'release');
  await writeBundleFolder(folder, { ...(await content()), keyRotations: [] });
  await symlink('/etc', join(folder, 'key-rotations'));
  expect(await codeOf(told(readBundleFolder(folder)))).toBe('bundle-invalid');

  const second = join(directory, 'second');
  await writeBundleFolder(second, { ...(await content()), images: [] });
  await symlink('/etc/hostname', join(second, 'images', digest(MANIFEST)));
  expect(await codeOf(told(readBundleFolder(second)))).toBe('bundle-invalid');
});
