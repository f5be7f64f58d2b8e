import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onFlash, type PowerFence } from '@postern/image-slots';
import {
  makePrivateDirectory,
  removeTemporaryFiles,
  unlessMissing,
  writeFileAtomic,
} from '@postern/storage/files';

/** Where the contents of a device's files lie, by digest: no name that somebody gave is a name on the disk. */
export interface FileContents {
  /** Durable on return. */
  write(sha256: string, content: Uint8Array): Promise<void>;
  /** `undefined`: there is none of this digest. */
  read(sha256: string): Promise<Uint8Array | undefined>;
  remove(sha256: string): Promise<void>;
}

/**
 * The file area of a device. Removes what no file needs: of uploads that a power cut interrupted.
 *
 * @param inUse digests that NV-RAM names
 * @throws PosternError `storage-full`, `storage-failed`
 */
export const openFileContents = async (
  deviceDirectory: string,
  inUse: ReadonlySet<string>,
  fence: PowerFence,
): Promise<FileContents> => {
  const directory = join(deviceDirectory, 'files');
  const path = (sha256: string): string => join(directory, sha256);
  let made = false;
  await onFlash('clean the file area', async () => {
    const names = (await unlessMissing(readdir(directory))) ?? [];
    if (names.length > 0) await removeTemporaryFiles(directory);
    await Promise.all(
      names.filter((name) => !inUse.has(name)).map((name) => rm(path(name), { force: true })),
    );
  });
  return {
    write: (sha256, content) =>
      fence.run(() =>
        onFlash('write a file', async () => {
          // Only where it is needed: most devices never hold a file.
          if (!made) await makePrivateDirectory(directory);
          made = true;
          await writeFileAtomic(path(sha256), content);
        }),
      ),
    read: (sha256) => onFlash('read a file', () => unlessMissing(readFile(path(sha256)))),
    remove: (sha256) => fence.run(() => onFlash('remove a file', () => rm(path(sha256), { force: true }))),
  };
};

/** Contents in memory, for a device without a disk. */
export const contentsInMemory = (): FileContents => {
  const contents = new Map<string, Uint8Array>();
  return {
    write: async (sha256, content) => {
      contents.set(sha256, content);
    },
    read: async (sha256) => contents.get(sha256),
    remove: async (sha256) => {
      contents.delete(sha256);
    },
  };
};
