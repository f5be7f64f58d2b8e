import { storageError } from '../errors.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether `text` is a SHA-256 digest as this package writes it: 64 lower-case hexadecimal digits. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

/**
 * Refuses everything that is no digest before it becomes a file name.
 *
 * @throws PosternError `digest-invalid`
 */
export const checkDigest = (sha256: string): void => {
  if (isDigest(sha256)) return;
  throw storageError('digest-invalid', `Not a SHA-256 digest: ${JSON.stringify(sha256.slice(0, 80))}`, {
    hint: 'Expected 64 lower-case hexadecimal digits.',
  });
};
