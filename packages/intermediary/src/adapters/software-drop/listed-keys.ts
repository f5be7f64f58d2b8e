import { readFile } from 'node:fs/promises';
import { type AuthorizedKey, parseAuthorizedKeys } from '@postern/bulk-transfer/sftp-drop';
import { errorCode, errorMessage, type Logger } from '@postern/core';
import { intermediaryError } from '../../errors.ts';

/** Reads who may drop software. @throws PosternError `drop-unusable`, `authorized-keys-invalid` */
export const readListedKeys = async (path: string): Promise<readonly AuthorizedKey[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw intermediaryError('drop-unusable', `${path} cannot be read: ${errorMessage(error)}`, error);
  });
  return parseAuthorizedKeys(text);
};

/** Who may drop software now: the list may change while the intermediary runs. One that cannot be read lists nobody. */
export const currentKeys = async (path: string, logger: Logger): Promise<readonly AuthorizedKey[]> => {
  try {
    return await readListedKeys(path);
  } catch (error) {
    const reason = errorMessage(error);
    logger.error('Nobody may drop software: the list of keys cannot be read', {
      code: errorCode(error, ''),
      reason,
    });
    return [];
  }
};
