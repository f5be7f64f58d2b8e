import { createHash } from 'node:crypto';
import { type Duration, Instant, systemClock } from '@postern/core';
import { signManifest, vendorSignerFromPem } from '@postern/software-update';
import type { Image } from './images.ts';
import { MODEL } from './victims/victim.ts';

/** What a manifest says. */
export interface ManifestFacts {
  readonly components: Readonly<Record<string, Image>>;
  /** Default: the victim's. */
  readonly model?: string;
  /** From now. */
  readonly validFor?: Duration;
}

/** A manifest under a key, as the vendor would have made it, or somebody else. */
export const signedBy = (privateKeyPem: string, facts: ManifestFacts, usually: Duration): Uint8Array => {
  const { components, model = MODEL, validFor = usually } = facts;
  const described = Object.entries(components).map(([name, { version, releaseCounter, content }]) => ({
    name,
    version,
    releaseCounter,
    length: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return signManifest(
    {
      format: 1,
      software: 'release',
      model,
      expires: Instant(systemClock.now() + validFor),
      components: described,
    },
    vendorSignerFromPem(privateKeyPem),
  );
};
