import { after, between, type Duration, type Instant } from '@postern/core';
import type { TargetCredential } from '../credential/target-credential.ts';
import type { TargetPorts } from '../ports/target-ports.ts';

/** The lifetime to keep beside the expiry in a device whose clock does not go on while it is off. */
export const keptLifetime = (
  { signedTime, clock }: TargetPorts,
  expiresAt: Instant,
): { readonly lifetime?: Duration } =>
  signedTime === undefined ? {} : { lifetime: between(clock.now(), expiresAt) };

/** A credential that counts its lifetime from this start, where the clock does the same. */
export const countedFrom = (now: Instant, credential: TargetCredential): TargetCredential =>
  credential.kind === 'live' && credential.lifetime !== undefined
    ? { ...credential, expiresAt: after(now, credential.lifetime) }
    : credential;
