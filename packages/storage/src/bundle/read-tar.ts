import { type BundleEntry, type BundleLimits, bundleRules, defaultBundleLimits } from './bundle-entry.ts';
import { collect, tarFiles } from './tar-files.ts';

const MOST_HEADERS = 512;

/**
 * Reads a bundle from the bytes of a tar file, without ever holding more than a chunk of an image.
 *
 * @throws PosternError `bundle-invalid`, or what the source throws
 * @spec I5
 */
export async function* readBundleTar(
  source: AsyncIterable<Uint8Array>,
  limits: BundleLimits = defaultBundleLimits,
): AsyncGenerator<BundleEntry> {
  const rules = bundleRules(limits);
  for await (const { path, length, content } of tarFiles(source, MOST_HEADERS)) {
    const kind = rules.admit(path, length);
    if (kind === 'image') {
      yield { kind, sha256: path.slice(path.lastIndexOf('/') + 1), length, content };
    } else {
      yield { kind, content: await collect(content) };
    }
  }
  rules.end();
}
