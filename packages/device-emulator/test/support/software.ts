import { createHash } from 'node:crypto';
import { after, Days, systemClock } from '@postern/core';
import {
  generateVendorKey,
  type ManifestComponent,
  type SoftwareManifest,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';

export const vendor = generateVendorKey();
const signer = vendorSignerFromPem(vendor.privateKeyPem);

export const MODEL = 'Postern MFP-100';

/** Bytes that no compression or constant could fake, and that differ between versions. */
export const imageOf = (version: string, length: number): Buffer => {
  const block = createHash('sha512').update(version).digest();
  return Buffer.alloc(length, block);
};

/** A signed release of the component `firmware`. */
export interface Release {
  readonly manifest: SoftwareManifest;
  readonly signedManifest: Uint8Array;
  readonly component: ManifestComponent;
  readonly image: Buffer;
}

export const release = (
  version: string,
  options: { length?: number; releaseCounter?: number } = {},
): Release => {
  const image = imageOf(version, options.length ?? 1_000);
  const component: ManifestComponent = {
    name: 'firmware',
    version,
    length: image.length,
    sha256: createHash('sha256').update(image).digest('hex'),
    releaseCounter: options.releaseCounter ?? 2,
  };
  const manifest: SoftwareManifest = {
    format: 1,
    software: 'mfp-firmware',
    model: MODEL,
    expires: after(systemClock.now(), Days(1)),
    components: [component],
  };
  return { manifest, signedManifest: signManifest(manifest, signer), component, image };
};
