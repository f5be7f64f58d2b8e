import { join } from 'node:path';
import { type Entropy, PosternError } from '@postern/core';
import { writeFileAtomic } from '@postern/storage';
import { readTextFile } from '@postern/storage/files';

/** Bytes of the secret. */
const LENGTH = 32;
const SECRET = /^[0-9a-f]{64}\n$/;

/**
 * The secret that a site derives fixed erasure passwords from: made once, in a file of mode 0600.
 *
 * @throws PosternError `storage-failed`, `storage-full`
 * @spec U11
 */
export const openErasureSecret = async (dataDir: string, entropy: Entropy): Promise<Uint8Array> => {
  const path = join(dataDir, 'erasure.key');
  const held = await readTextFile(path);
  if (held !== undefined) {
    if (SECRET.test(held)) return Buffer.from(held.trim(), 'hex');
    throw new PosternError('storage-failed', `${path} does not hold a secret of ${LENGTH} bytes`, {
      hint: 'Restore the file from a backup, or remove it: erasure passwords are others from then on.',
    });
  }
  const secret = entropy.bytes(LENGTH);
  await writeFileAtomic(path, `${Buffer.from(secret).toString('hex')}\n`);
  return secret;
};
