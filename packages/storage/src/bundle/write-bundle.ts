import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '@postern/core';
import { pack } from 'tar-stream';
import { storageError, toStorageError } from '../errors.ts';
import { syncDirectory, writeFileAtomic } from '../files.ts';
import {
  type BundleEntry,
  IMAGES_FOLDER,
  MANIFEST_NAME,
  ROTATIONS_FOLDER,
  rotationPath,
} from './bundle-entry.ts';

/** What goes into a bundle. Whether the images are the manifest's is the caller's business. */
export interface BundleContent {
  readonly signedManifest: Uint8Array;
  readonly keyRotations: readonly Uint8Array[];
  readonly images: readonly { readonly sha256: string; readonly length: number; readonly file: string }[];
}

/** Bundles are public: everything in them is signed, nothing secret. */
const FILE_MODE = 0o644;

/** The bytes of a tar file of these entries; times and owners are left out, so that equal bundles are equal bytes. */
export const packBundle = (entries: AsyncIterable<BundleEntry>): Readable => {
  const archive = pack();
  const add = async (): Promise<void> => {
    let rotations = 0;
    for await (const entry of entries) {
      if (entry.kind === 'image') {
        const header = headerOf(`${IMAGES_FOLDER}/${entry.sha256}`, entry.length);
        await pipeline(
          Readable.from(entry.content, { objectMode: false }),
          archive.entry(header) as NodeJS.WritableStream,
        );
        continue;
      }
      const path = entry.kind === 'manifest' ? MANIFEST_NAME : rotationPath(rotations++);
      archive.entry(headerOf(path, entry.content.length), Buffer.from(entry.content));
    }
    archive.finalize();
  };
  add().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(archive, { objectMode: false });
};

const headerOf = (name: string, size: number) => ({ name, size, mode: FILE_MODE, mtime: new Date(0) });

/**
 * Writes a bundle as one tar file; durable when the promise resolves, and never half there.
 *
 * @throws PosternError `storage-failed`, `storage-full`
 * @spec I5
 */
export const writeBundleTar = async (file: string, content: BundleContent): Promise<void> => {
  const temporary = `${file}.part`;
  try {
    await pipeline(
      packBundle(bundleEntries(content)),
      createWriteStream(temporary, { mode: FILE_MODE, flush: true }),
    );
    await rename(temporary, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw toStorageError(error, `write ${file}`);
  }
};

/**
 * Writes a bundle as a folder, which must not exist.
 *
 * @throws PosternError `bundle-exists`, `storage-failed`, `storage-full`
 * @spec I5
 */
export const writeBundleFolder = async (folder: string, content: BundleContent): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error, '') !== 'EEXIST') throw toStorageError(error, `make ${folder}`);
    throw storageError('bundle-exists', `${folder} exists`, {
      hint: 'Name a folder that does not exist yet.',
    });
  }
  try {
    await mkdir(join(folder, IMAGES_FOLDER));
    if (content.keyRotations.length > 0) await mkdir(join(folder, ROTATIONS_FOLDER));
    for (const { sha256, file } of content.images) {
      const path = join(folder, IMAGES_FOLDER, sha256);
      await copyFile(file, path);
      await chmod(path, FILE_MODE);
    }
    for (const [index, record] of content.keyRotations.entries()) {
      await writeFileAtomic(join(folder, rotationPath(index)), record, { mode: FILE_MODE });
    }
    // Last: a folder without a manifest is no bundle.
    await writeFileAtomic(join(folder, MANIFEST_NAME), content.signedManifest, { mode: FILE_MODE });
  } catch (error) {
    throw toStorageError(error, `write ${folder}`);
  }
};

/** The entries of a bundle that is not written anywhere. */
export async function* bundleEntries({
  signedManifest,
  keyRotations,
  images,
}: BundleContent): AsyncGenerator<BundleEntry> {
  yield { kind: 'manifest', content: signedManifest };
  for (const content of keyRotations) yield { kind: 'key-rotation', content };
  for (const { sha256, length, file } of images) {
    yield { kind: 'image', sha256, length, content: createReadStream(file, { highWaterMark: 1 << 18 }) };
  }
}
