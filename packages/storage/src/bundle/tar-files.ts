import { bundleInvalid } from './bundle-entry.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/** A file of a tar archive. */
export interface TarFile {
  /** As it stands there: nothing of it is checked. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  /** To be read before the next file is asked for; what is left unread is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Extended headers are passed over; a long one is no good faith. */
const LONGEST_REMARK = 65_536;

/** What an extended header must not say: it would make another file of the one behind it (POSIX.1-2001 §pax). */
const OTHER_FILE = /(?:^|\n)\d+ (?:path|linkpath|size)=/;

/**
 * Reads the files of an uncompressed tar archive, without ever holding more than a chunk of one. tar-stream, which
 * writes archives, keeps extended headers of any length in memory: nothing to give to a stranger.
 *
 * @param mostHeaders files, folders and extended headers together
 * @throws PosternError `bundle-invalid`, or what the source throws
 */
export async function* tarFiles(
  source: AsyncIterable<Uint8Array>,
  mostHeaders: number,
): AsyncGenerator<TarFile> {
  const bytes = byteReader(source);
  try {
    for (let headers = 0; ; headers++) {
      const header = await nextHeader(bytes);
      if (header === undefined) break;
      if (headers === mostHeaders) throw bundleInvalid('it has too many headers');
      if (header.kind === 'file') yield* fileOf(header, bytes);
      else await passOver(header, bytes);
    }
  } finally {
    await bytes.close();
  }
}

const nextHeader = async (bytes: ByteReader): Promise<TarHeader | undefined> => {
  const block = await bytes.take(TAR_BLOCK);
  return block && readTarHeader(block);
};

async function* fileOf({ path, length }: TarHeader, bytes: ByteReader): AsyncGenerator<TarFile> {
  const content = bytes.stream(length);
  let left = length;
  const counted = (async function* () {
    for await (const chunk of content) {
      left -= chunk.length;
      yield chunk;
    }
  })();
  yield { path, length, content: counted };
  // Ends a reading that was broken off, then skips what it left.
  await counted.return();
  await drain(bytes.stream(left + padding(length)));
}

const passOver = async ({ kind, path, length }: TarHeader, bytes: ByteReader): Promise<void> => {
  if (kind === 'folder' && length > 0)
    throw bundleInvalid(`the folder ${JSON.stringify(path.slice(0, 120))} has content`);
  if (length > LONGEST_REMARK) throw bundleInvalid('it has a long extended header');
  const remark = Buffer.from((await bytes.take(length)) ?? []).toString('latin1');
  if (kind === 'remark' && OTHER_FILE.test(remark)) {
    throw bundleInvalid('it has paths that are too long for a tar file of the format ustar');
  }
  await drain(bytes.stream(padding(length)));
};

const padding = (length: number): number => (TAR_BLOCK - (length % TAR_BLOCK)) % TAR_BLOCK;

/** The whole content, for what is known to be small. */
export const collect = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const drain = async (content: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of content);
};
