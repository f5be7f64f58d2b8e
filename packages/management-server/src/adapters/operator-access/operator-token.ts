import { createHash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '@postern/core';
import { readTextFile, writeFileAtomic } from '@postern/storage';
import { serverError } from '../../errors.ts';

/** Checks what operators present against the token of this server. */
export interface OperatorToken {
  /** Takes the same time wherever a wrong token differs. */
  matches(presented: string): boolean;
}

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads the operator token, 32 random bytes in base64url, making the file (mode 0600) at the first start.
 *
 * @throws PosternError `operator-token-invalid` when the file holds something else
 */
export const openOperatorToken = async (path: string, entropy: Entropy): Promise<OperatorToken> => {
  const present = await readTextFile(path);
  const token = present?.trim() ?? Buffer.from(entropy.bytes(TOKEN_BYTES)).toString('base64url');
  if (!TOKEN.test(token)) {
    throw serverError('operator-token-invalid', `${path} holds no operator token`);
  }
  if (present === undefined) await writeFileAtomic(path, `${token}\n`);
  const expected = digest(token);
  return { matches: (presented) => timingSafeEqual(digest(presented), expected) };
};

/** Digests have one length, so that they can be compared in constant time whatever was presented. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
