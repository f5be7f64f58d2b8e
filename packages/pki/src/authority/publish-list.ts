import type { Duration } from '@postern/core';
import { replacePublicFile } from '../private-files.ts';
import type { Authority } from './authority.ts';

/** Writes the CA's current revocation list, in the place of the one before; nodes that run follow by themselves. */
export const publishRevocationList = async (
  authority: Authority,
  path: string,
  lifetime?: Duration,
): Promise<void> => replacePublicFile(path, await authority.crlPem(lifetime));
