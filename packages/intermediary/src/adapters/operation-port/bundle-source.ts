import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { errorCode } from '@postern/core';
import { type BundleEntry, packBundle, readBundleFolder, readBundleTar } from '@postern/storage';
import { intermediaryError } from '../../errors.ts';

const READ_CHUNK = 256 * 1_024;

/** The parts of a bundle, whether it is a folder or a tar file. @throws PosternError `bundle-missing` */
export const bundleParts = async (path: string): Promise<AsyncIterable<BundleEntry>> =>
  (await isFolder(path)) ? readBundleFolder(path) : readBundleTar(tarFile(path));

/**
 * A bundle as the bytes of a tar file, ready for the operation port. A tar file goes as it is: the other end judges it.
 *
 * @throws PosternError `bundle-missing`
 */
export const bundleBytes = async (path: string): Promise<Readable> =>
  (await isFolder(path)) ? packBundle(readBundleFolder(path)) : tarFile(path);

const tarFile = (path: string): Readable => createReadStream(path, { highWaterMark: READ_CHUNK });

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw intermediaryError(
      'bundle-missing',
      `${path} cannot be read (${errorCode(error, 'unknown')})`,
      error,
    );
  }
};
