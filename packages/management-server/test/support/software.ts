import { createHash } from 'node:crypto';
import { Instant } from '@postern/core';
import {
  generateVendorKey,
  type SoftwareManifest,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';

export const vendor = generateVendorKey();

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Contents of an image. */
export const IMAGE = Buffer.from('firmware 2.0, not very long but long enough to be asked for in parts');

export const manifestOf = (
  changes: Partial<SoftwareManifest> = {},
  image: Uint8Array = IMAGE,
): SoftwareManifest => ({
  format: 1,
  software: 'mfp-firmware',
  model: 'MFP-1',
  expires: Instant(Date.UTC(2040, 0, 1)),
  components: [
    { name: 'system', version: '2.0', length: image.length, sha256: sha256(image), releaseCounter: 2 },
  ],
  ...changes,
});

/** The manifest, signed by `key` (the trusted vendor's unless given). */
export const signed = (manifest: SoftwareManifest, key: { privateKeyPem: string } = vendor): Buffer =>
  Buffer.from(signManifest(manifest, vendorSignerFromPem(key.privateKeyPem)));
