import { readFileSync } from 'node:fs';

/**
 * The version that a package's manifest tells: the only place where it is written.
 *
 * @param manifest `new URL('../package.json', import.meta.url)`, as seen from `src` and from `dist` alike
 */
export const packageVersion = (manifest: URL): string => {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) {
    if (typeof parsed.version === 'string') return parsed.version;
  }
  throw new TypeError(`${manifest.href} tells no version`);
};
