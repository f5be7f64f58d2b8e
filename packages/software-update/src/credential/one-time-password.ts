import { createHash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '@postern/core';

/** What the updater shares with the target for one job. Lives in the updater's store until it is erased. */
export interface UpdateCredential {
  readonly userName: string;
  /** 256 random bits in base64url: 43 characters that FTP carries as they are. */
  readonly oneTimePassword: string;
  /** 32 bytes, hexadecimal. Authenticates version reports; never crosses the bulk path. */
  readonly reportKey: string;
  /** 16 bytes, hexadecimal. Binds the start notification to this job. */
  readonly nonce: string;
  /** Where the password stands in a list that was given to both sides beforehand (P1). */
  readonly listEntry?: ListEntry;
}

/** The place of a password in a list; the first entry is 0. */
export interface ListEntry {
  readonly list: string;
  readonly entry: number;
}

/**
 * What a device calls the credential of a job, in version reports and start notifications: the job, or the place in a
 * list, for there the device sees the password before it hears of a job.
 */
export const credentialId = (jobId: string, { listEntry }: Pick<UpdateCredential, 'listEntry'>): string =>
  listEntry === undefined ? jobId : `${listEntry.list}.${listEntry.entry}`;

/**
 * Makes the credential of one job (S102).
 *
 * @spec U1 X3
 */
export const makeCredential = (entropy: Entropy, userName: string): UpdateCredential => ({
  userName,
  oneTimePassword: Buffer.from(entropy.bytes(32)).toString('base64url'),
  reportKey: Buffer.from(entropy.bytes(32)).toString('hex'),
  nonce: makeNonce(entropy),
});

/** A fresh nonce: 16 random bytes, hexadecimal. */
export const makeNonce = (entropy: Entropy): string => Buffer.from(entropy.bytes(16)).toString('hex');

/** What a one-time password is bound to (X3). */
export interface CredentialBinding {
  readonly deviceId: string;
  readonly userName: string;
  readonly jobId: string;
}

/**
 * The form in which a target keeps a password: useless to whoever reads its NV-RAM, and on any other device or job.
 * The password has 256 random bits, so a plain hash is as good as a slow one.
 *
 * @spec X3
 */
export const bindPassword = (binding: CredentialBinding, password: string): string =>
  createHash('sha256')
    .update(['postern-otp-1', binding.deviceId, binding.userName, binding.jobId, password].join('\0'))
    .digest('hex');

/** Compares two hexadecimal digests in constant time. */
export const sameDigest = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left, 'hex'), Buffer.from(right, 'hex')];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
};
