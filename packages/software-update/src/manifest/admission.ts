import type { Instant } from '@postern/core';
import { updateError } from '../errors.ts';
import type { ManifestComponent, SoftwareManifest } from './manifest.ts';

/** What a device has: versions that run and, per component, the release counter it never goes below. */
export interface InstalledSoftware {
  readonly model: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly releaseCounters: Readonly<Record<string, number>>;
}

/**
 * Decides what of a verified manifest is to be installed: the components whose version differs.
 * The target's decision is the binding one; the updater asks the same question early to save a transfer.
 *
 * @spec X1
 * @throws PosternError `wrong-model`, `manifest-expired`, `component-unknown` or `release-counter-too-low`
 */
export const admit = (
  manifest: SoftwareManifest,
  installed: InstalledSoftware,
  now: Instant,
): readonly ManifestComponent[] => {
  if (manifest.model !== installed.model) {
    throw updateError('wrong-model', `The software is for ${manifest.model}, this is a ${installed.model}`);
  }
  if (manifest.expires <= now) {
    throw updateError(
      'manifest-expired',
      `The manifest expired at ${new Date(manifest.expires).toISOString()}`,
    );
  }
  const wanted = manifest.components.filter(({ name, version }) => {
    if (!Object.hasOwn(installed.versions, name)) {
      throw updateError('component-unknown', `The device has no component ${name}`);
    }
    return installed.versions[name] !== version;
  });
  for (const { name, version, releaseCounter } of wanted) {
    const floor = installed.releaseCounters[name] ?? 0;
    if (releaseCounter < floor) {
      throw updateError(
        'release-counter-too-low',
        `${name} ${version} has release counter ${releaseCounter}; the device requires at least ${floor}`,
      );
    }
  }
  return wanted;
};
