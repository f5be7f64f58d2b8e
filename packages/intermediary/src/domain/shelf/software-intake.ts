import type { Clock } from '@postern/core';
import { type ManifestComponent, updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { SiteImages } from '../images/site-images.ts';
import type { SiteTrust } from '../vendor-trust.ts';
import { admitSoftware } from './admit-software.ts';
import type { ShelfItem, ShelfSource } from './ports.ts';
import type { Shelf } from './shelf.ts';

/** One part of a release on its way here, in this order; `@postern/storage` reads them from bundles. */
export type BundlePart =
  | { readonly kind: 'manifest' | 'key-rotation'; readonly content: Uint8Array }
  | {
      readonly kind: 'image';
      readonly sha256: string;
      readonly length: number;
      readonly content: AsyncIterable<Uint8Array>;
    };

export interface SoftwareIntakeOptions {
  readonly shelf: Shelf;
  readonly images: SiteImages;
  readonly trust: SiteTrust;
  readonly clock: Clock;
}

/** Bundles taken at a time. */
const MOST_AT_A_TIME = 4;

/**
 * Takes releases that people and peers bring. Nothing is kept before the manifest was found good, no image that it
 * does not name, and nothing is on the shelf before everything is here. Doing it again does no harm.
 *
 * @spec I5
 */
export class SoftwareIntake {
  readonly #options: SoftwareIntakeOptions;
  /** The images of each bundle under way. */
  readonly #underWay = new Set<readonly ManifestComponent[]>();

  constructor(options: SoftwareIntakeOptions) {
    this.#options = options;
  }

  /** Digests of images that may not give way while their bundles arrive. */
  pinned(): ReadonlySet<string> {
    return new Set([...this.#underWay].flatMap((components) => components.map(({ sha256 }) => sha256)));
  }

  /**
   * @throws PosternError `operation-busy`, `bundle-foreign`, `bundle-incomplete`, `shelf-full`, what {@link admitSoftware}
   *   and the images throw, or what reading the parts throws
   */
  async take(parts: AsyncIterable<BundlePart>, source: ShelfSource, signal: AbortSignal): Promise<ShelfItem> {
    if (this.#underWay.size >= MOST_AT_A_TIME) {
      throw intermediaryError('operation-busy', `${MOST_AT_A_TIME} bundles are on their way already`);
    }
    let components: readonly ManifestComponent[] = [];
    const reading = parts[Symbol.asyncIterator]();
    try {
      const { head, firstImage } = await readHead(reading);
      const manifest = admitSoftware(head, this.#options);
      this.#options.shelf.checkRoom(manifest);
      components = manifest.components;
      this.#underWay.add(components);
      for (let part = firstImage; part !== undefined; part = await nextImage(reading)) {
        await this.#takeImage(part, components, signal);
      }
      await this.#checkComplete(components);
      return this.#options.shelf.put(head.signedManifest, manifest, source);
    } finally {
      this.#underWay.delete(components);
      await reading.return?.();
    }
  }

  async #takeImage(
    { sha256, length, content }: Image,
    components: readonly ManifestComponent[],
    signal: AbortSignal,
  ): Promise<void> {
    const component = components.find((known) => known.sha256 === sha256);
    if (component === undefined) {
      throw intermediaryError('bundle-foreign', `The manifest names no image ${sha256}`);
    }
    if (component.length !== length) {
      throw updateError(
        'digest-mismatch',
        `The image ${sha256} has ${length} bytes, not ${component.length}`,
      );
    }
    await this.#options.images.take({ sha256, length }, content, signal);
  }

  async #checkComplete(components: readonly ManifestComponent[]): Promise<void> {
    for (const { name, sha256 } of components) {
      if (await this.#options.images.has(sha256)) continue;
      throw intermediaryError('bundle-incomplete', `The image of ${name}, ${sha256}, is not in the bundle`);
    }
  }
}

type Image = Extract<BundlePart, { kind: 'image' }>;

/** The records before the first image. */
const readHead = async (parts: AsyncIterator<BundlePart>) => {
  let signedManifest: Uint8Array | undefined;
  const keyRotations: Uint8Array[] = [];
  let firstImage: Image | undefined;
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
    if (next.value.kind === 'image') {
      firstImage = next.value;
      break;
    }
    if (next.value.kind === 'manifest') signedManifest = next.value.content;
    else keyRotations.push(next.value.content);
  }
  if (signedManifest === undefined) {
    throw intermediaryError('bundle-incomplete', 'The bundle does not begin with a signed manifest');
  }
  return { head: { signedManifest, keyRotations }, firstImage };
};

const nextImage = async (parts: AsyncIterator<BundlePart>): Promise<Image | undefined> => {
  const next = await parts.next();
  if (next.done === true) return undefined;
  if (next.value.kind === 'image') return next.value;
  throw intermediaryError('bundle-foreign', 'The bundle has records behind its images');
};
