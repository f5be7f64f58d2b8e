import { createHash } from 'node:crypto';
import type { Clock } from '@postern/core';
import { type SoftwareManifest, verifyManifest } from '@postern/software-update';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';
import type { SoftwareRecord } from './records.ts';
import type { VendorKeys } from './vendor-keys.ts';

/** Which images are here. */
export interface ImageInventory {
  /** The complete image's length in bytes; undefined when it is not here. */
  lengthOf(sha256: string): Promise<number | undefined>;
}

export interface SoftwareParts {
  readonly stores: Stores;
  readonly images: ImageInventory;
  readonly vendorKeys: VendorKeys;
  readonly clock: Clock;
}

export interface Registration {
  readonly software: SoftwareRecord;
  readonly created: boolean;
  /** What is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * Registers a software package by its signed manifest. Its images must be here already, so that no order can fail
 * for want of one. A release that is here already is from now on sent with the signatures given last.
 *
 * @throws PosternError `manifest-malformed`, `manifest-signature-invalid`, `image-missing`, `image-length-mismatch`,
 *   `software-conflict`
 */
export const registerSoftware = async (
  { stores, images, vendorKeys, clock }: SoftwareParts,
  signedManifest: Uint8Array,
): Promise<Registration> => {
  const manifest = verifyManifest(signedManifest, vendorKeys.trust);
  await checkImages(manifest, images);
  const payloadSha256 = payloadDigest(signedManifest);
  const software: SoftwareRecord = {
    id: `sw-${payloadSha256.slice(0, 16)}`,
    payloadSha256,
    manifest,
    signedManifest,
    registeredAt: clock.now(),
  };
  return stores.transaction(() => {
    const warnings = counterWarnings(manifest, stores.software.named(manifest.software, manifest.model));
    const present = stores.software.find(software.id);
    if (present === undefined) {
      stores.software.add(software);
      return { software, created: true, warnings };
    }
    if (present.payloadSha256 !== payloadSha256) {
      throw serverError('software-conflict', `Another manifest has the identifier ${software.id}`);
    }
    // The same release with other signatures: its keys were rotated, say.
    const signedAgain = { ...present, signedManifest };
    stores.software.saveSignatures(signedAgain);
    return { software: signedAgain, created: false, warnings };
  });
};

/** @throws PosternError `image-missing`, `image-length-mismatch` */
export const checkImages = async (manifest: SoftwareManifest, images: ImageInventory): Promise<void> => {
  for (const { name, sha256, length } of manifest.components) {
    const held = await images.lengthOf(sha256);
    if (held === undefined) throw serverError('image-missing', `The image ${sha256} of ${name} is not here`);
    if (held !== length) {
      throw serverError(
        'image-length-mismatch',
        `The image of ${name} has ${held} bytes, the manifest says ${length}`,
      );
    }
  }
};

/** The signed manifest has been verified, so its envelope has this shape. */
const payloadDigest = (signedManifest: Uint8Array): string => {
  const { payload } = JSON.parse(Buffer.from(signedManifest).toString('utf8')) as { payload: string };
  return createHash('sha256').update(Buffer.from(payload, 'base64')).digest('hex');
};

/** A device refuses a release counter that does not rise: worth saying before a fleet refuses it. */
const counterWarnings = (manifest: SoftwareManifest, others: readonly SoftwareRecord[]): string[] =>
  manifest.components.flatMap(({ name, version, releaseCounter }) =>
    others
      .flatMap((other) => other.manifest.components)
      .filter((other) => other.name === name && other.version !== version)
      .filter((other) => other.releaseCounter >= releaseCounter)
      .map(
        (other) =>
          `${name} ${version} has release counter ${releaseCounter}, but ${other.version} has ${other.releaseCounter}: devices with ${other.version} will refuse it`,
      ),
  );
