import { createHash } from 'node:crypto';
import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import {
  generateVendorKey,
  pinVendorKeys,
  type SoftwareManifest,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';

export const START = Instant(Date.UTC(2030, 0, 1));
const vendor = generateVendorKey();
export const VENDOR_PUBLIC_KEY = vendor.publicKeyPem;
export const VENDOR_KEYS = pinVendorKeys([vendor.publicKeyPem]);
export const SIGNER = vendorSignerFromPem(vendor.privateKeyPem);

export const MODEL = 'MFP 9';
/** 300 kB that compress badly enough to tell positions apart. */
export const IMAGE = Buffer.from(
  Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) & 255),
);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const makeManifest = (overrides: Partial<SoftwareManifest> = {}): SoftwareManifest => ({
  format: 1,
  software: 'mfp-9-release',
  model: MODEL,
  expires: Instant(Date.UTC(2040, 0, 1)),
  components: [
    { name: 'firmware', version: '2.0', length: IMAGE.length, sha256: sha256(IMAGE), releaseCounter: 2 },
  ],
  ...overrides,
});

export const sign = (manifest: SoftwareManifest): Uint8Array => signManifest(manifest, SIGNER);

export const deviceInformation = (
  deviceId: string,
  overrides: Partial<device.DeviceInformation> = {},
): device.DeviceInformation => ({
  deviceId,
  model: MODEL,
  components: { item: [{ component: 'firmware', version: '1.0' }] },
  bulkPathKind: 'ftp',
  securePath: { host: '127.0.0.1', port: 4_433 },
  bulkPath: { host: '127.0.0.1', port: 2_121 },
  ...overrides,
});
