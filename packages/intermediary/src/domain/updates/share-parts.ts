import { after, between, type Clock, Days, toSeconds } from '@postern/core';
import type { UpdateJob } from '@postern/software-update';

/** What contracts carry at most. */
const LONGEST_LIFETIME = toSeconds(Days(31));

/**
 * How long a password lives at the device, in seconds: until the job's deadline and a margin, so that an erasure is
 * never too late to matter; at least a second.
 */
export const lifetimeSeconds = (
  { deadline, policy }: Pick<UpdateJob, 'deadline' | 'policy'>,
  clock: Clock,
): number => {
  const rest = toSeconds(between(clock.now(), after(deadline, policy.credentialMargin)));
  return Math.min(Math.max(rest, 1), LONGEST_LIFETIME);
};

/** What goes with a password whoever makes it: what is to be installed, and what the device judges it by. */
export const softwareOf = ({ signedManifest, keyRotations = [], signedTime }: UpdateJob) => ({
  signedManifest,
  ...(keyRotations.length === 0 ? {} : { keyRotations: { record: keyRotations } }),
  ...(signedTime === undefined ? {} : { signedTime }),
});
