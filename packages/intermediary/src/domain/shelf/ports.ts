import type { Instant } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';

/** How software came to the site: ordered there by the server, imported by an operator, dropped by a peer (I5). */
export type ShelfSource = 'server' | 'medium' | 'drop';

/** Software that may be installed on order of the site. */
export interface ShelfItem {
  /** SHA-256 of the signed manifest, hexadecimal. */
  readonly id: string;
  readonly signedManifest: Uint8Array;
  readonly manifest: SoftwareManifest;
  readonly source: ShelfSource;
  readonly addedAt: Instant;
}

/** Software that a request of the server wants on the shelf, and whose images may still be on their way. */
export interface ShelfFetch {
  readonly requestId: string;
  readonly signedManifest: Uint8Array;
  readonly manifest: SoftwareManifest;
}

/** The durable record of the shelf. All calls are synchronous and durable on return. */
export interface ShelfStore {
  /** In the order in which they came. */
  items(): readonly ShelfItem[];
  /** Stores an item; does nothing when it is there. */
  add(item: ShelfItem): void;
  remove(id: string): void;
  fetches(): readonly ShelfFetch[];
  addFetch(fetch: ShelfFetch): void;
  removeFetch(requestId: string): void;
}
