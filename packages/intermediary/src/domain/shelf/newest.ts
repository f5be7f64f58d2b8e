import type { Instant } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';

/** The versions that a device has, by component. */
export type InstalledVersions = Readonly<Record<string, string>>;

interface Release {
  readonly manifest: SoftwareManifest;
}

/**
 * The newest release that a device lacks: for its model, not expired, of no component that the device does not have,
 * and not older than what is installed as far as the releases themselves tell.
 *
 * @param releases in the order in which they came; of equals the later one wins
 * @returns undefined when the device has the newest already, or there is none
 */
export const newestRelease = <T extends Release>(
  releases: readonly T[],
  model: string,
  installed: InstalledVersions,
  now: Instant,
): T | undefined => {
  const fitting = releases.filter(
    ({ manifest }) =>
      manifest.model === model &&
      manifest.expires > now &&
      manifest.components.every(({ name }) => Object.hasOwn(installed, name)),
  );
  const floors = knownCounters(
    releases.filter(({ manifest }) => manifest.model === model),
    installed,
  );
  return fitting
    .filter(({ manifest }) => isNews(manifest, installed) && !isOlder(manifest, floors))
    .reduce<T | undefined>(
      (best, next) => (best === undefined || !isNewer(best, next) ? next : best),
      undefined,
    );
};

/** The release counters of the installed versions, where some release names them. */
const knownCounters = (releases: readonly Release[], installed: InstalledVersions): Map<string, number> => {
  const counters = new Map<string, number>();
  for (const { manifest } of releases) {
    for (const { name, version, releaseCounter } of manifest.components) {
      if (installed[name] !== version) continue;
      counters.set(name, Math.max(counters.get(name) ?? 0, releaseCounter));
    }
  }
  return counters;
};

const isNews = ({ components }: SoftwareManifest, installed: InstalledVersions): boolean =>
  components.some(({ name, version }) => installed[name] !== version);

/** The device would refuse it: it never goes back. */
const isOlder = ({ components }: SoftwareManifest, floors: ReadonlyMap<string, number>): boolean =>
  components.some(({ name, releaseCounter }) => releaseCounter < (floors.get(name) ?? 0));

/** By the release counters of the components that both name. */
const isNewer = (one: Release, other: Release): boolean => {
  const counters = new Map(
    other.manifest.components.map(({ name, releaseCounter }) => [name, releaseCounter]),
  );
  const lead = one.manifest.components.reduce(
    (sum, { name, releaseCounter }) =>
      sum + Math.sign(releaseCounter - (counters.get(name) ?? releaseCounter)),
    0,
  );
  return lead > 0;
};
