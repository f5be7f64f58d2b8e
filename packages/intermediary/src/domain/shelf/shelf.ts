import { createHash } from 'node:crypto';
import type { Clock, Logger } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import { type InstalledVersions, newestRelease } from './newest.ts';
import type { ShelfItem, ShelfSource, ShelfStore } from './ports.ts';

export interface ShelfOptions {
  readonly store: ShelfStore;
  readonly mostEntries: number;
  /** Of the images of all entries together. */
  readonly mostBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The software that orders of the site may install: from the panel, the operation port and the schedule. What the
 * server orders for one device never gets here: it is no permission for the others.
 *
 * @spec I5
 */
export class Shelf {
  readonly #options: ShelfOptions;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  items(): readonly ShelfItem[] {
    return this.#options.store.items();
  }

  /**
   * One entry, by its identifier, the beginning of it, or the software's name where only one entry bears that.
   *
   * @throws PosternError `software-unknown`
   */
  get(wanted: string): ShelfItem {
    const items = this.items();
    const byName = items.filter(({ manifest }) => manifest.software === wanted);
    const byId = wanted.length < 8 ? [] : items.filter(({ id }) => id.startsWith(wanted));
    const [found, ...others] = byName.length > 0 ? byName : byId;
    if (found !== undefined && others.length === 0) return found;
    const what = others.length > 0 ? 'More than one software is' : 'No software on the shelf is';
    throw intermediaryError('software-unknown', `${what} called ${wanted.slice(0, 80)}`);
  }

  /** The newest software for a model that has not all of the installed versions. */
  newestFor(model: string, installed: InstalledVersions): ShelfItem | undefined {
    return newestRelease(this.items(), model, installed, this.#options.clock.now());
  }

  /** Digests of all images that may not give way: those of the shelf, and those on their way to it. */
  pinned(): ReadonlySet<string> {
    const { store } = this.#options;
    const manifests = [...store.items(), ...store.fetches()].map(({ manifest }) => manifest);
    return new Set(manifests.flatMap(({ components }) => components.map(({ sha256 }) => sha256)));
  }

  /**
   * Whether there is room, before anything is fetched; expired entries make room.
   *
   * @throws PosternError `shelf-full`
   */
  checkRoom(manifest: SoftwareManifest): void {
    const { store, mostEntries, mostBytes, clock, logger } = this.#options;
    const isFull = (): boolean => {
      const manifests = [...store.items().map((item) => item.manifest), manifest];
      return manifests.length > mostEntries || imageBytes(manifests) > mostBytes;
    };
    for (const { id, manifest: old } of store.items()) {
      if (!isFull()) return;
      if (old.expires > clock.now()) continue;
      store.remove(id);
      logger.info('Expired software has left the shelf', { software: old.software, id });
    }
    if (isFull()) throw intermediaryError('shelf-full', `The shelf has no room for ${manifest.software}`);
  }

  /**
   * Puts software on the shelf whose images are all held; does nothing when it is there.
   *
   * @param manifest the verified content of `signedManifest`
   * @throws PosternError `shelf-full`
   */
  put(signedManifest: Uint8Array, manifest: SoftwareManifest, source: ShelfSource): ShelfItem {
    const { store, clock, logger } = this.#options;
    const id = shelfId(signedManifest);
    const known = store.items().find((item) => item.id === id);
    if (known !== undefined) return known;
    this.checkRoom(manifest);
    const item: ShelfItem = { id, signedManifest, manifest, source, addedAt: clock.now() };
    store.add(item);
    logger.info('Software is on the shelf', {
      software: manifest.software,
      model: manifest.model,
      source,
      id,
    });
    return item;
  }

  /** Takes software off the shelf; its images may give way from then on. @throws PosternError `software-unknown` */
  remove(wanted: string): ShelfItem {
    const item = this.get(wanted);
    this.#options.store.remove(item.id);
    return item;
  }
}

/** What an entry is known by. */
export const shelfId = (signedManifest: Uint8Array): string =>
  createHash('sha256').update(signedManifest).digest('hex');

/** An image that several releases share is there once. */
const imageBytes = (manifests: readonly SoftwareManifest[]): number => {
  const lengths = new Map(
    manifests.flatMap(({ components }) => components.map(({ sha256, length }) => [sha256, length] as const)),
  );
  return [...lengths.values()].reduce((sum, length) => sum + length, 0);
};
