import type { Instant } from '@postern/core';
import { bindPassword } from '../credential/one-time-password.ts';
import type { LiveCredential, NotifyEndpoint } from '../credential/target-credential.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { keptLifetime } from './lifetime.ts';
import type { VendorNews } from './manifest-judge.ts';

/** A credential as it arrives on the secure path. `userName` is the authenticated sender's name. */
export interface IncomingCredential extends VendorNews {
  readonly userName: string;
  readonly oneTimePassword: string;
  readonly expiresAt: Instant;
  readonly jobId: string;
  /** DSSE envelope bytes. */
  readonly signedManifest?: Uint8Array;
  /** Hexadecimal. */
  readonly reportKey?: string;
  /** Hexadecimal. */
  readonly nonce?: string;
  /** Where this updater takes the start notification, when it is not the device's intermediary (U20). */
  readonly notifyStartAt?: NotifyEndpoint;
}

/** What the device keeps of it. */
export const keptCredential = (
  ports: TargetPorts,
  incoming: IncomingCredential,
): Omit<LiveCredential, 'kind' | 'wrongTries'> => {
  const { deviceId } = ports;
  const { userName, jobId, oneTimePassword, expiresAt, signedManifest, reportKey, nonce, notifyStartAt } =
    incoming;
  return {
    deviceId,
    userName,
    jobId,
    digest: bindPassword({ deviceId, userName, jobId }, oneTimePassword),
    expiresAt,
    ...keptLifetime(ports, expiresAt),
    ...(reportKey === undefined ? {} : { reportKey }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(signedManifest === undefined ? {} : { signedManifest: toBase64(signedManifest) }),
    ...(notifyStartAt === undefined ? {} : { notifyStartAt }),
  };
};

/** As NV-RAM keeps a manifest. */
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
