import { chmod, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage } from '@postern/core';
import { intermediaryError } from '../../errors.ts';

/** `sun_path` of unix(7), without its final zero; the smaller one of Linux and macOS, so that both agree. */
const LONGEST_PATH = 103;

/** Where the operation port of a data directory is, unless configured otherwise. */
export const operationSocket = (dataDir: string, configured?: string): string =>
  configured ?? join(dataDir, 'operation.sock');

/**
 * Makes way for a socket: removes the one that a killed process left. Only for the process that holds the data
 * directory's lock.
 *
 * @throws PosternError `operation-port-unusable`
 */
export const clearSocketPath = async (path: string): Promise<void> => {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw intermediaryError(
      'operation-port-unusable',
      `The path of a socket has at most ${LONGEST_PATH} bytes: ${path}`,
    );
  }
  try {
    if (!(await lstat(path)).isSocket()) {
      throw intermediaryError('operation-port-unusable', `${path} exists and is no socket`);
    }
    await rm(path);
  } catch (error) {
    if (errorCode(error, '') !== 'ENOENT') throw unusable(path, error);
  }
};

/** For its owner alone: whoever may open it is the operator. */
export const protectSocket = (path: string): Promise<void> => chmod(path, 0o600);

export const unusable = (path: string, error: unknown): unknown =>
  errorCode(error, '') === 'operation-port-unusable'
    ? error
    : intermediaryError('operation-port-unusable', `${path} cannot be used: ${errorMessage(error)}`, error);
