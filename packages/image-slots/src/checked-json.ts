import { createHash } from 'node:crypto';

/** Version of the format; whoever finds another one treats the file as damaged. */
const FORMAT = 1;

/**
 * Writes content with a checksum over it, as flash memory needs it: a bit that flips is found, wherever it is.
 * What a checksum vouches for needs no second check of its shape, because only this program wrote it.
 */
export const encodeChecked = (content: unknown): string =>
  `${JSON.stringify({ format: FORMAT, sha256: digestOf(content), content }, null, 1)}\n`;

/**
 * Reads what {@link encodeChecked} wrote.
 *
 * @returns `undefined` for anything else; the caller vouches for the type
 */
export const decodeChecked = <T>(text: string): T | undefined => {
  const parsed = parse(text);
  if (parsed?.['format'] !== FORMAT || parsed['sha256'] !== digestOf(parsed['content'])) return undefined;
  return parsed['content'] as T;
};

const digestOf = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(content) ?? '')
    .digest('hex');

const parse = (text: string): Record<string, unknown> | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
