import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@postern/core';
import { toStorageError } from '../errors.ts';
import { unlessMissing } from '../files.ts';
import {
  type BundleEntry,
  type BundleLimits,
  bundleInvalid,
  bundleRules,
  defaultBundleLimits,
  IMAGES_FOLDER,
  MANIFEST_NAME,
  ROTATIONS_FOLDER,
} from './bundle-entry.ts';

const READ_CHUNK = 256 * 1024;

/**
 * Reads a bundle from a folder. Symbolic links are refused: a medium must not make us read other files of this machine.
 *
 * @throws PosternError `bundle-invalid`, `storage-failed`
 * @spec I5
 */
export async function* readBundleFolder(
  folder: string,
  limits: BundleLimits = defaultBundleLimits,
): AsyncGenerator<BundleEntry> {
  const rules = bundleRules(limits);
  const paths = [
    MANIFEST_NAME,
    ...(await namesIn(folder, ROTATIONS_FOLDER)),
    ...(await namesIn(folder, IMAGES_FOLDER)),
  ];
  for (const path of paths) {
    const file = await openFile(join(folder, path), path);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw bundleInvalid(`${path} is no file`);
      const kind = rules.admit(path, found.size);
      if (kind === 'image') {
        const sha256 = path.slice(IMAGES_FOLDER.length + 1);
        const content = file.createReadStream({ highWaterMark: READ_CHUNK, autoClose: false });
        yield { kind, sha256, length: found.size, content };
        content.destroy();
      } else {
        yield { kind, content: await file.readFile() };
      }
    } finally {
      await file.close();
    }
  }
  rules.end();
}

/** Sorted; hidden files of the medium's own file system are passed over. */
const namesIn = async (folder: string, below: string): Promise<readonly string[]> => {
  try {
    const found = await unlessMissing(lstat(join(folder, below)));
    if (found === undefined) return [];
    if (!found.isDirectory()) throw bundleInvalid(`${below} is no folder`);
    const names = await readdir(join(folder, below));
    return names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => `${below}/${name}`);
  } catch (error) {
    throw toStorageError(error, `read ${join(folder, below)}`);
  }
};

const openFile = async (path: string, name: string): Promise<FileHandle> => {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error, '');
    if (code === 'ENOENT') throw bundleInvalid(`it holds no ${name}`, error);
    if (code === 'ELOOP') throw bundleInvalid(`${name} is a link`, error);
    throw toStorageError(error, `read ${path}`);
  }
};
