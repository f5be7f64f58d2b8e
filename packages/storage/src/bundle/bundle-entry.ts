import { storageError } from '../errors.ts';
import { isDigest } from '../images/digest.ts';

/**
 * A bundle carries one release to a site without a connection: a folder, or the same as an uncompressed tar file.
 *
 *     manifest.dsse.json               the signed manifest
 *     key-rotations/001.dsse.json …    signed key rotations, in the order of their names
 *     images/SHA-256                   the images the manifest names
 *
 * Entries come in this order, so that a reader knows what it may take before it takes any image.
 *
 * @spec I5
 */
export type BundleEntry =
  | { readonly kind: 'manifest'; readonly content: Uint8Array }
  | { readonly kind: 'key-rotation'; readonly content: Uint8Array }
  | {
      readonly kind: 'image';
      readonly sha256: string;
      /** Bytes. */
      readonly length: number;
      /** To be read before the next entry is asked for; what is left unread is passed over. */
      readonly content: AsyncIterable<Uint8Array>;
    };

/** What a reader takes at most. */
export interface BundleLimits {
  /** Bytes of the manifest, and of each key rotation. */
  readonly recordBytes: number;
  readonly keyRotations: number;
  readonly images: number;
  /** Bytes of each image. */
  readonly imageBytes: number;
}

export const defaultBundleLimits: BundleLimits = {
  recordBytes: 65_536,
  keyRotations: 16,
  images: 64,
  imageBytes: 16 * 1_024 ** 3,
};

export const MANIFEST_NAME = 'manifest.dsse.json';
export const ROTATIONS_FOLDER = 'key-rotations';
export const IMAGES_FOLDER = 'images';

/** What a file of a bundle is by its path, `/`-separated; undefined for what does not belong into one. */
export const kindOf = (path: string): BundleEntry['kind'] | undefined => {
  if (path === MANIFEST_NAME) return 'manifest';
  if (/^key-rotations\/\d{3}\.dsse\.json$/.test(path)) return 'key-rotation';
  const [folder, name, ...rest] = path.split('/');
  return folder === IMAGES_FOLDER && rest.length === 0 && isDigest(name ?? '') ? 'image' : undefined;
};

/** The path of the nth key rotation, from 0. */
export const rotationPath = (index: number): string =>
  `${ROTATIONS_FOLDER}/${`${index + 1}`.padStart(3, '0')}.dsse.json`;

/** Holds a reader to order, names and limits. */
export const bundleRules = (limits: BundleLimits) => {
  const order: readonly BundleEntry['kind'][] = ['manifest', 'key-rotation', 'image'];
  const counts = { manifest: 0, 'key-rotation': 0, image: 0 };
  const most = { manifest: 1, 'key-rotation': limits.keyRotations, image: limits.images };
  const seen = new Set<string>();
  let last: BundleEntry['kind'] | undefined;
  return {
    /** @throws PosternError `bundle-invalid` */
    admit: (path: string, length: number): BundleEntry['kind'] => {
      const kind = kindOf(path);
      if (kind === undefined) throw bundleInvalid(`it holds ${JSON.stringify(path.slice(0, 120))}`);
      if (seen.has(path)) throw bundleInvalid(`it holds ${path} twice`);
      seen.add(path);
      if (last === undefined && kind !== 'manifest')
        throw bundleInvalid(`${MANIFEST_NAME} does not come first`);
      if (last !== undefined && order.indexOf(kind) < order.indexOf(last)) {
        throw bundleInvalid(`${path} comes too late: manifest, key rotations, images is the order`);
      }
      last = kind;
      counts[kind] += 1;
      if (counts[kind] > most[kind])
        throw bundleInvalid(`it holds more than ${most[kind]} of the kind ${kind}`);
      const longest = kind === 'image' ? limits.imageBytes : limits.recordBytes;
      if (length < 1 || length > longest) throw bundleInvalid(`${path} has ${length} bytes`);
      return kind;
    },
    /** @throws PosternError `bundle-invalid` */
    end: (): void => {
      if (last === undefined) throw bundleInvalid(`it holds no ${MANIFEST_NAME}`);
    },
  };
};

export const bundleInvalid = (what: string, cause?: unknown) =>
  storageError('bundle-invalid', `This is no software bundle: ${what}`, {
    cause,
    hint: 'Make it again with `postern software bundle`.',
  });
