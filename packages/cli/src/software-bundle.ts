import type { BundleContent } from '@postern/intermediary/operation';
import { cliError } from './errors.ts';
import { measureImage, readBytes } from './software-files.ts';

/** What a bundle is made of. */
export interface BundleFiles {
  readonly manifest: string;
  /** Image files, or COMPONENT=FILE; which component one belongs to is told by its digest. */
  readonly image: readonly string[];
  /** Signed key rotations, oldest first. */
  readonly keyRotation?: readonly string[] | undefined;
}

/**
 * Reads what belongs into a bundle and checks that the images are the manifest's. Who signed it is judged by whoever
 * takes the bundle.
 *
 * @throws PosternError `bundle-images-wrong`, `manifest-unreadable`, `file-unreadable`, `image-empty`
 */
export const readBundleFiles = async ({
  manifest,
  image,
  keyRotation = [],
}: BundleFiles): Promise<BundleContent> => {
  const signedManifest = await readBytes(manifest);
  const named = imagesOf(signedManifest, manifest);
  const images = new Map<string, BundleContent['images'][number]>();
  for (const option of image) {
    const file = option.replace(/^[a-z0-9][a-z0-9.-]{0,31}=/, '');
    const measured = await measureImage(file);
    if (!named.includes(measured.sha256)) {
      throw cliError('bundle-images-wrong', `${file} is no image of ${manifest}`);
    }
    images.set(measured.sha256, { ...measured, file });
  }
  const missing = named.find((sha256) => !images.has(sha256));
  if (missing !== undefined) {
    throw cliError('bundle-images-wrong', `${manifest} names an image that is not given: ${missing}`);
  }
  const keyRotations: Uint8Array[] = [];
  for (const file of keyRotation) keyRotations.push(await readBytes(file));
  return { signedManifest, keyRotations, images: [...images.values()] };
};

/** The digests that a signed manifest names, unverified. */
const imagesOf = (signed: Uint8Array, file: string): readonly string[] => {
  try {
    const envelope = JSON.parse(Buffer.from(signed).toString('utf8')) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString('utf8');
    const { components } = JSON.parse(payload) as { components: readonly { sha256: string }[] };
    return [...new Set(components.map(({ sha256 }) => sha256))];
  } catch (cause) {
    throw cliError('manifest-unreadable', `${file} is no signed manifest`, cause);
  }
};
