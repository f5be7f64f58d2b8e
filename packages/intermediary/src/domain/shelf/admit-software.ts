import type { Clock } from '@postern/core';
import { type SoftwareManifest, updateError, verifyManifest } from '@postern/software-update';
import type { SiteTrust } from '../vendor-trust.ts';

/** Software as it comes to a site, by whatever way. */
export interface SignedSoftware {
  readonly signedManifest: Uint8Array;
  /** Signed key rotations, oldest first. */
  readonly keyRotations: readonly Uint8Array[];
}

/**
 * The one check that all software passes before anything of it is kept: whether the server, an operator or a peer
 * brought it makes no difference.
 *
 * @throws PosternError `key-rotation-invalid`, `manifest-malformed`, `manifest-signature-invalid`, `manifest-expired`
 * @spec I5 X1
 */
export const admitSoftware = (
  { signedManifest, keyRotations }: SignedSoftware,
  { trust, clock }: { readonly trust: SiteTrust; readonly clock: Clock },
): SoftwareManifest => {
  const manifest = verifyManifest(signedManifest, trust.follow(keyRotations));
  if (manifest.expires <= clock.now()) {
    throw updateError('manifest-expired', `The manifest of ${manifest.software} has expired`);
  }
  return manifest;
};
