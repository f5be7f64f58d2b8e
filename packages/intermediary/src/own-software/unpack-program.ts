import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, errorMessage } from '@postern/core';
import { tarFiles } from '@postern/storage';
import { makePrivateDirectory, PRIVATE_FILE, syncDirectory } from '@postern/storage/files';
import { intermediaryError } from '../errors.ts';

/** A program as it lies in a slot. */
export interface PackedProgram {
  /** Of the image. */
  readonly sha256: string;
  /** As the vendor signed it. */
  readonly version: string;
  readonly image: AsyncIterable<Uint8Array>;
}

const MOST_FILES = 50_000;
const LONGEST_PATH = 255;

/**
 * Unpacks a program: an uncompressed tar with a `package.json` that says `version` and `main`. It gets its name only when
 * all of it is on the disk, so that a folder that is there is whole.
 *
 * @param directory of all programs
 * @returns path of the program's main file
 * @throws PosternError `program-invalid`, or of the disk
 * @spec U21
 */
export const unpackProgram = async (
  directory: string,
  { sha256, version, image }: PackedProgram,
): Promise<string> => {
  const place = join(directory, sha256);
  if (!(await isThere(place))) {
    await makePrivateDirectory(directory);
    const draft = join(directory, `.${sha256}`);
    await rm(draft, { recursive: true, force: true });
    await writeFiles(draft, image).catch((cause: unknown) => {
      if (errorCode(cause, '') !== 'bundle-invalid') throw cause;
      throw invalid(errorMessage(cause), cause);
    });
    await rename(draft, place);
    await syncDirectory(directory);
  }
  return mainOf(place, version);
};

/** Removes programs that no slot holds any more, and what an interrupted unpacking left. */
export const removeOtherPrograms = async (directory: string, keep: readonly string[]): Promise<void> => {
  await makePrivateDirectory(directory);
  for (const name of await readdir(directory)) {
    if (!keep.includes(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
};

const writeFiles = async (root: string, image: AsyncIterable<Uint8Array>): Promise<void> => {
  const folders = new Set<string>();
  for await (const { path, content } of tarFiles(image, MOST_FILES)) {
    const file = join(root, inside(path));
    const folder = dirname(file);
    const handle = await place(file).catch((cause: unknown) => {
      const code = errorCode(cause, '');
      throw CLASHES.includes(code) ? invalid(`${path} stands in the way of another file`, cause) : cause;
    });
    for (let at = folder; at.length >= root.length; at = dirname(at)) folders.add(at);
    try {
      for await (const chunk of content) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  for (const folder of folders) await syncDirectory(folder);
};

/** `wx`: nothing is written twice. */
const place = async (file: string): Promise<FileHandle> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return open(file, 'wx', PRIVATE_FILE);
};

/** Two files of one name, or a file and a folder. */
const CLASHES: readonly string[] = ['EEXIST', 'ENOTDIR', 'EISDIR'];

/** A path that leads to a place below the program's own folder. @throws PosternError `program-invalid` */
const inside = (path: string): string => {
  const parts = path.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (plain && path.length <= LONGEST_PATH && !/[\\\0]/.test(path)) return path;
  throw invalid(`${JSON.stringify(path.slice(0, 120))} is no path inside of it`);
};

const mainOf = async (place: string, signed: string): Promise<string> => {
  const { version, main } = await manifestOf(place);
  if (version !== signed) {
    throw invalid(`its package.json says version ${JSON.stringify(version)}, not ${signed}`);
  }
  if (typeof main !== 'string') throw invalid('its package.json names no main file');
  const path = join(place, inside(main.replace(/^\.\//, '')));
  if (!(await isThere(path))) throw invalid(`${main} is not in it`);
  return path;
};

const manifestOf = async (
  place: string,
): Promise<{ readonly version?: unknown; readonly main?: unknown }> => {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null) return manifest;
    throw new TypeError('It is no object');
  } catch (cause) {
    throw invalid('it has no package.json that can be read', cause);
  }
};

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return false;
    throw error;
  }
};

const invalid = (what: string, cause?: unknown) =>
  intermediaryError('program-invalid', `The image holds no program: ${what}`, cause);
