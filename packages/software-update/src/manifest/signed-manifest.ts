import { updateError } from '../errors.ts';
import { openEnvelope, type RecordKind, type Signer, signEnvelope } from './envelope.ts';
import { decodeManifest, encodeManifest, type SoftwareManifest } from './manifest.ts';
import { MOST_SIGNATURES, type VendorTrust } from './vendor-trust.ts';

/** Signed manifests beyond this many bytes are refused before they are parsed. */
export const LONGEST_SIGNED_MANIFEST = 65_536;

const MANIFEST: RecordKind = {
  payloadType: 'application/vnd.postern.manifest+json',
  longest: LONGEST_SIGNED_MANIFEST,
  mostSignatures: MOST_SIGNATURES,
  malformed: 'manifest-malformed',
};

/**
 * Signs a manifest with one key, or with several where a threshold of them is demanded.
 *
 * @see docs/manifest.md
 */
export const signManifest = (manifest: SoftwareManifest, signer: Signer | readonly Signer[]): Uint8Array =>
  signEnvelope(MANIFEST, encodeManifest(manifest), 'keyId' in signer ? [signer] : signer);

/**
 * Verifies a signed manifest against the trusted vendor keys and reads it. The payload is parsed only after
 * as many signatures over it held as the trust demands.
 *
 * @spec X1
 * @throws PosternError `manifest-malformed` or `manifest-signature-invalid`
 */
export const verifyManifest = (signed: Uint8Array, trusted: VendorTrust): SoftwareManifest => {
  const { payload, signedBy } = openEnvelope(MANIFEST, signed);
  const good = signedBy(trusted.keys).size;
  if (good < trusted.threshold) {
    throw updateError(
      'manifest-signature-invalid',
      `The manifest bears ${good} signatures of trusted vendor keys; ${trusted.threshold} are required`,
    );
  }
  return decodeManifest(payload);
};

/**
 * What a signed manifest says, with nothing of it proved: for whoever only passes it on and needs to know which images
 * belong to it. Never for whoever installs.
 *
 * @throws PosternError `manifest-malformed`
 */
export const readUnprovedManifest = (signed: Uint8Array): SoftwareManifest =>
  decodeManifest(openEnvelope(MANIFEST, signed).payload);
