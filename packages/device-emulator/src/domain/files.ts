import type { Instant } from '@postern/core';
import { updateError } from '@postern/software-update';
import { deviceError } from '../errors.ts';

/** A file of the device: what it holds lies on the disk under its digest. */
export interface FileRecord {
  /** Bytes. */
  readonly length: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly modifiedAt: Instant;
}

/** The part of NV-RAM that says which files there are: a file appears, changes and goes with one write. */
export interface FileMemory {
  readonly files?: Readonly<Record<string, FileRecord>>;
}

export const MOST_FILES = 64;
export const MOST_FILE_BYTES = 1_048_576;

/** @throws PosternError `file-unknown` */
export const fileOf = ({ files = {} }: FileMemory, name: string): FileRecord => {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file !== undefined) return file;
  throw deviceError('file-unknown', `The device has no file ${name}`);
};

/** @throws PosternError `storage-full` when there is no room for one more */
export const requireRoomFor = ({ files = {} }: FileMemory, name: string): void => {
  if (Object.hasOwn(files, name) || Object.keys(files).length < MOST_FILES) return;
  throw updateError('storage-full', `The device holds ${MOST_FILES} files already`);
};

export const withFile = <T extends FileMemory>(content: T, name: string, file: FileRecord): T => ({
  ...content,
  files: { ...content.files, [name]: file },
});

export const withoutFile = <T extends FileMemory>(content: T, name: string): T => {
  const { [name]: _, ...files } = content.files ?? {};
  return { ...content, files };
};

/** Digests that some file needs. */
export const digestsInUse = ({ files = {} }: FileMemory): ReadonlySet<string> =>
  new Set(Object.values(files).map(({ sha256 }) => sha256));
