import { createHash } from 'node:crypto';
import { deviceError } from '../errors.ts';
import { MOST_FILE_BYTES } from './files.ts';

/** A part of a file, as it comes. */
export interface FilePart {
  readonly name: string;
  /** Of the whole file, in bytes. */
  readonly length: number;
  /** Of the whole file; hexadecimal. */
  readonly sha256: string;
  readonly offset: number;
  readonly content: Uint8Array;
}

/** What has come of a file so far. */
export interface Upload {
  readonly length: number;
  readonly sha256: string;
  readonly received: number;
  readonly parts: readonly Uint8Array[];
}

/** Uploads at one time; one more takes the place of the one that has rested longest. */
export const MOST_UPLOADS = 4;

/**
 * An upload with one more part. The first part (offset 0) always begins anew.
 *
 * @param before absent: none is under way
 * @throws PosternError `file-too-large`, `file-incomplete` when the part does not follow what has come, `file-mismatched`
 *   when the parts are no such file
 */
export const withPart = (before: Upload | undefined, part: FilePart): Upload => {
  const { name, length, sha256, offset, content } = part;
  if (length > MOST_FILE_BYTES) {
    throw deviceError(
      'file-too-large',
      `${name} would have ${length} bytes; a file has ${MOST_FILE_BYTES} at most`,
    );
  }
  const upload = offset === 0 ? { length, sha256, received: 0, parts: [] } : before;
  if (upload === undefined || upload.received !== offset) {
    const received = upload?.received ?? 0;
    throw deviceError(
      'file-incomplete',
      `${name}: a part came for byte ${offset}, but ${received} bytes have come`,
    );
  }
  const received = offset + content.length;
  if (upload.length !== length || upload.sha256 !== sha256 || received > length) {
    throw deviceError('file-mismatched', `${name}: the part belongs to another file`);
  }
  if (content.length === 0 && received < length) {
    throw deviceError('file-incomplete', `${name}: the part is empty`);
  }
  return { length, sha256, received, parts: [...upload.parts, content] };
};

/**
 * The whole content, once all of it has come.
 *
 * @throws PosternError `file-mismatched` when it has another digest than was announced
 */
export const wholeContent = (name: string, { parts, sha256 }: Upload): Uint8Array => {
  const content = Buffer.concat(parts);
  if (createHash('sha256').update(content).digest('hex') === sha256) return content;
  throw deviceError('file-mismatched', `${name}: what has come has another digest than was announced`);
};
