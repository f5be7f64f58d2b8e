import { open } from 'node:fs/promises';
import { generateSshHostKey } from '@postern/bulk-transfer';
import { errorCode, errorMessage } from '@postern/core';
import { writeFileAtomic } from '@postern/storage';
import { intermediaryError } from '../../errors.ts';

const OTHERS = 0o077;

/**
 * The drop's own SSH key; made at the first start.
 *
 * @throws PosternError `drop-unusable` when it cannot be read, or others than its owner can
 */
export const dropHostKey = async (path: string): Promise<string> => {
  const existing = await readHostKey(path);
  if (existing !== undefined) return existing;
  const made = generateSshHostKey();
  await writeFileAtomic(path, made, { mode: 0o600 });
  return made;
};

const readHostKey = async (path: string): Promise<string | undefined> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw intermediaryError('drop-unusable', `${path} cannot be read: ${errorMessage(error)}`, error);
  });
  if (file === undefined) return undefined;
  try {
    if (((await file.stat()).mode & OTHERS) !== 0) {
      throw intermediaryError('drop-unusable', `Others than its owner may use the private key ${path}`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
};
