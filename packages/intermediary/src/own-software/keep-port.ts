import { join } from 'node:path';
import { errorCode } from '@postern/core';
import { readCheckedFile, writeCheckedFile } from '@postern/image-slots';
import { ownDirectory } from './own-files.ts';

interface Listener {
  readonly port: number;
}

/**
 * Listens where it listened before, if the system is to choose: a parent that waits for the restart knows no other place.
 * When somebody else has taken that port meanwhile, on another one.
 */
export const listenAsBefore = async <T extends Listener>(
  dataDir: string,
  configured: number,
  listen: (port: number) => Promise<T>,
): Promise<T> => {
  if (configured !== 0) return listen(configured);
  const path = join(ownDirectory(dataDir), 'bulk-port.json');
  const found = await readCheckedFile<number>(path);
  const before = typeof found === 'object' ? found.content : 0;
  const listener = await listen(before).catch((error: unknown) => {
    if (before === 0 || errorCode(error, '') !== 'bulk-listen-failed') throw error;
    return listen(0);
  });
  if (listener.port !== before) await writeCheckedFile(path, listener.port);
  return listener;
};
