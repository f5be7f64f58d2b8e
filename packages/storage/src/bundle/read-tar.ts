import {
  type BundleEntry,
  type BundleLimits,
  bundleInvalid,
  bundleRules,
  defaultBundleLimits,
} from './bundle-entry.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/** Extended headers are passed over; a long one is no good faith. */
const LONGEST_REMARK = 65_536;
const MOST_HEADERS = 512;

/**
 * Reads a bundle from the bytes of a tar file, without ever holding more than a chunk of an image. tar-stream, which
 * writes bundles, keeps extended headers of any length in memory: nothing to give to a stranger.
 *
 * @throws PosternError `bundle-invalid`, or what the source throws
 * @spec I5
 */
export async function* readBundleTar(
  source: AsyncIterable<Uint8Array>,
  limits: BundleLimits = defaultBundleLimits,
): AsyncGenerator<BundleEntry> {
  const bytes = byteReader(source);
  const rules = bundleRules(limits);
  try {
    for (let headers = 0; ; headers++) {
      const header = await nextHeader(bytes);
      if (header === undefined) break;
      if (headers === MOST_HEADERS) throw bundleInvalid('it has too many headers');
      if (header.kind === 'file') yield* entryOf(header, rules.admit(header.path, header.length), bytes);
      else await passOver(header, bytes);
    }
    rules.end();
  } finally {
    await bytes.close();
  }
}

const nextHeader = async (bytes: ByteReader): Promise<TarHeader | undefined> => {
  const block = await bytes.take(TAR_BLOCK);
  return block && readTarHeader(block);
};

async function* entryOf(
  { path, length }: TarHeader,
  kind: BundleEntry['kind'],
  bytes: ByteReader,
): AsyncGenerator<BundleEntry> {
  const content = bytes.stream(length);
  if (kind === 'image') {
    const sha256 = path.slice(path.lastIndexOf('/') + 1);
    let left = length;
    const counted = (async function* () {
      for await (const chunk of content) {
        left -= chunk.length;
        yield chunk;
      }
    })();
    yield { kind, sha256, length, content: counted };
    // Ends a reading that was broken off, then skips what it left.
    await counted.return();
    await drain(bytes.stream(left));
  } else {
    yield { kind, content: await collect(content) };
  }
  await drain(bytes.stream(padding(length)));
}

const passOver = async ({ kind, path, length }: TarHeader, bytes: ByteReader): Promise<void> => {
  if (kind === 'folder' && length > 0)
    throw bundleInvalid(`the folder ${JSON.stringify(path.slice(0, 120))} has content`);
  if (length > LONGEST_REMARK) throw bundleInvalid('it has a long extended header');
  await drain(bytes.stream(length + padding(length)));
};

const padding = (length: number): number => (TAR_BLOCK - (length % TAR_BLOCK)) % TAR_BLOCK;

const collect = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const drain = async (content: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of content);
};
