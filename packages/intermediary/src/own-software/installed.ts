import { createHash } from 'node:crypto';
import { packageVersion } from '@postern/core';
import type { SlotContents } from '@postern/software-update';

/** The one component of an intermediary's own software. */
export const COMPONENT = 'intermediary';

/** The version of this package; its manifest lies two folders above, in `src` and in `dist`. */
export const installedVersion = (): string => packageVersion(new URL('../../package.json', import.meta.url));

/**
 * The installed package as if it lay in a slot: what every release may follow. It has no image, for nobody asks for one.
 */
export const installedContents = (version: string): SlotContents => ({
  [COMPONENT]: {
    name: COMPONENT,
    version,
    length: 0,
    sha256: createHash('sha256').digest('hex'),
    releaseCounter: 0,
  },
});
