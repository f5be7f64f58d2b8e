import type { BundleEntry } from '@postern/storage';
import { IMAGE, makeManifest, sha256, sign } from './software.ts';

/** The parts of a bundle; by default those of the release that all tests use. */
export async function* bundleOf(
  signedManifest: Uint8Array = sign(makeManifest()),
  images: readonly Buffer[] = [IMAGE],
  keyRotations: readonly Uint8Array[] = [],
): AsyncGenerator<BundleEntry> {
  yield { kind: 'manifest', content: signedManifest };
  for (const content of keyRotations) yield { kind: 'key-rotation', content };
  for (const image of images) {
    yield { kind: 'image', sha256: sha256(image), length: image.length, content: once(image) };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
