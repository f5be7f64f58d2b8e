import { createHash } from 'node:crypto';
import { Days, Instant } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import {
  generateVendorKey,
  pinVendorKeys,
  type SoftwareManifest,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';

/** When every virtual clock of these tests begins. */
export const START = Instant(Date.UTC(2030, 0, 1));
export const MODEL = 'MFP C4500';

const vendor = generateVendorKey();
export const VENDOR_KEYS = pinVendorKeys([vendor.publicKeyPem]);
export const VENDOR_SIGNER = vendorSignerFromPem(vendor.privateKeyPem);

/** Reproducible bytes that differ for every name and version. */
export const makeImage = (
  name: string,
  version: string,
  releaseCounter: number,
  length: number = 4_000,
): Image => {
  const bytes = seededEntropy(`${name} ${version}`).bytes(length);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { component: { name, version, length, sha256, releaseCounter }, bytes };
};

export const makeManifest = (
  images: readonly Image[],
  overrides: Partial<SoftwareManifest> = {},
): SoftwareManifest => ({
  format: 1,
  software: 'C4500 system',
  model: MODEL,
  expires: Instant(START + Days(30)),
  components: images.map(({ component }) => component),
  ...overrides,
});

export const sign = (manifest: SoftwareManifest): Uint8Array => signManifest(manifest, VENDOR_SIGNER);

/** What the device leaves the factory with, and what the update brings. The network component stays as it is. */
export const FACTORY: readonly Image[] = [
  makeImage('firmware', '1.0', 10),
  makeImage('network', '3.1', 4, 1_500),
];
export const RELEASE: readonly Image[] = [
  makeImage('firmware', '2.0', 11),
  makeImage('network', '3.1', 4, 1_500),
];
