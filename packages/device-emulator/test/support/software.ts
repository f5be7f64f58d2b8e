import { createHash } from 'node:crypto';
import { after, Days, type Duration, systemClock } from '@postern/core';
import {
  generateVendorKey,
  type ManifestComponent,
  type Signer,
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

/** A signed release of one component or several. */
export interface Release {
  readonly manifest: SoftwareManifest;
  readonly signedManifest: Uint8Array;
  /** Of the first component. */
  readonly component: ManifestComponent;
  readonly image: Buffer;
  /** By SHA-256. */
  readonly images: ReadonlyMap<string, Buffer>;
}

/** One component of a release, as a test writes it. */
export interface Part {
  readonly name: string;
  readonly version: string;
  readonly length?: number;
  readonly releaseCounter?: number;
}

/** Of the component `firmware`. */
export const release = (
  version: string,
  options: { length?: number; releaseCounter?: number } = {},
): Release => releaseOf([{ name: 'firmware', version, ...options }]);

/** @param options.expires how long from now the manifest holds */
export const releaseOf = (
  parts: readonly Part[],
  options: { readonly signers?: readonly Signer[]; readonly expires?: Duration } = {},
): Release => {
  const made = parts.map(({ name, version, length = 1_000, releaseCounter = 2 }) => {
    const image = imageOf(`${name} ${version}`, length);
    const sha256 = createHash('sha256').update(image).digest('hex');
    return { image, component: { name, version, length, sha256, releaseCounter } };
  });
  const [first] = made;
  if (first === undefined) throw new TypeError('A release has a component');
  const manifest: SoftwareManifest = {
    format: 1,
    software: 'mfp-firmware',
    model: MODEL,
    expires: after(systemClock.now(), options.expires ?? Days(1)),
    components: made.map(({ component }) => component),
  };
  return {
    manifest,
    signedManifest: signManifest(manifest, options.signers ?? signer),
    ...first,
    images: new Map(made.map(({ image, component }) => [component.sha256, image])),
  };
};
