import { createHash } from 'node:crypto';
import type { ManifestComponent, Slot } from '@postern/software-update';
import type { OwnFiles } from '../../src/own-software/own-files.ts';

const BLOCK = 512;

export interface TarEntry {
  readonly path: string;
  readonly content?: string;
  /** `0` file, `2` symbolic link, `5` folder. */
  readonly type?: string;
}

/** An uncompressed tar file (ustar), of good or bad entries. */
export const tarOf = (entries: readonly TarEntry[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap(({ path, content = '', type = '0' }) => {
      const bytes = Buffer.from(content);
      return [
        header(path, bytes.length, type),
        bytes,
        Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
      ];
    }),
    Buffer.alloc(2 * BLOCK),
  ]);

const header = (path: string, length: number, type: string): Buffer => {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100, 'latin1');
  block.write(`${length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write(`        ${type}`, 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

export const programOf = (version: string, more: readonly TarEntry[] = []): Buffer =>
  tarOf([
    { path: 'package.json', content: JSON.stringify({ version, main: './lib/main.mjs' }) },
    { path: 'lib/main.mjs', content: `// ${version}\n` },
    ...more,
  ]);

export const componentOf = (version: string, image: Uint8Array, releaseCounter = 1): ManifestComponent => ({
  name: 'intermediary',
  version,
  length: image.length,
  sha256: createHash('sha256').update(image).digest('hex'),
  releaseCounter,
});

/** Puts a program into a slot, whole. */
export const fillSlot = async (
  { slots }: OwnFiles,
  slot: Slot,
  component: ManifestComponent,
  image: Buffer,
) => {
  const writer = await slots.append(slot, 'intermediary', 0);
  await writer.write(image);
  await writer.close();
  await slots.seal(slot, { intermediary: component });
};
