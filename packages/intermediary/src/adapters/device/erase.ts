import { createHmac } from 'node:crypto';
import {
  type Clock,
  type Entropy,
  Milliseconds,
  PosternError,
  Seconds,
  throwIfCancelled,
  withDeadline,
} from '@postern/core';
import {
  invalidationCode,
  type OneTimeScheme,
  type UpdateCredential,
  type UpdateJob,
} from '@postern/software-update';
import type { DeviceStore } from '../../domain/devices.ts';
import type { ErasureNotices } from '../../domain/updates/erasure-notices.ts';
import { lifetimeSeconds } from '../../domain/updates/share-parts.ts';
import type { DeviceClient } from './device-client.ts';

export interface ErasingOptions {
  readonly client: DeviceClient;
  readonly devices: DeviceStore;
  readonly erasures: ErasureNotices;
  /** Of this site; what fixed erasure passwords are derived from. */
  readonly erasureSecret: Uint8Array;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** One way to end the password at the target; resolves when its copy is known to be unusable. */
type Erase = (
  job: UpdateJob,
  scheme: OneTimeScheme,
  credential: UpdateCredential | undefined,
  signal: AbortSignal,
) => Promise<void>;

/** Bytes of randomness in an erasure password. */
const ERASURE_PASSWORD = 32;

/**
 * Overwrites the password at the device (S120–S123), with a random erasure password or one that is fixed for it.
 *
 * @spec U8 U11
 */
export const overwrite =
  ({ client, clock, entropy, erasureSecret }: ErasingOptions): Erase =>
  async (job, { invalidation }, _, signal) => {
    const request = {
      userName: job.updaterId,
      oneTimePassword:
        invalidation === 'overwrite-fixed'
          ? fixedErasurePassword(erasureSecret, job.deviceId)
          : Buffer.from(entropy.bytes(ERASURE_PASSWORD)).toString('base64url'),
      lifetimeSeconds: lifetimeSeconds(job, clock),
      jobId: job.jobId,
      purpose: 'erasure' as const,
    };
    await client.call(job.deviceId, 'StoreOneTimePassword', request, signal);
  };

/**
 * The erasure password of one device: always the same, and worth nothing at another one.
 *
 * @param secret of the site
 * @returns base64url
 * @spec U11
 */
export const fixedErasurePassword = (secret: Uint8Array, deviceId: string): string =>
  createHmac('sha256', secret).update(`postern-erasure-1\0${deviceId}`).digest('base64url');

/**
 * Tells the device that the password is no longer usable: in plain HTTP where it has a place for that and shares a
 * report key, which the request is authenticated with; else, or when that fails, on the secure path.
 *
 * @spec U12
 */
export const invalidate =
  (options: ErasingOptions): Erase =>
  async (job, _, credential, signal) => {
    if (await invalidatePlainly(options, job, credential, signal)) return;
    throwIfCancelled(signal);
    const { jobId, deviceId, updaterId: userName } = job;
    // A device that knows no such password any more answers so, and that is as good.
    await options.client.call(deviceId, 'InvalidateOneTimePassword', { userName, jobId }, signal);
  };

/** Whether it worked. What the answer says is not proved; the password's expiry stands behind it. */
const invalidatePlainly = async (
  { client, devices, clock }: ErasingOptions,
  { jobId, deviceId, updaterId: userName, policy }: UpdateJob,
  credential: UpdateCredential | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  const { plainPath, authenticatedReports } = devices.get(deviceId)?.information ?? {};
  if (plainPath === undefined || credential === undefined || authenticatedReports === false) return false;
  const mac = invalidationCode(credential.reportKey, { deviceId, userName, jobId });
  const request = { userName, jobId, mac };
  const limit = Milliseconds(Math.min(policy.exchangeTimeout / 2, PLAIN_LIMIT));
  try {
    const { invalidated } = await withDeadline(clock, limit, 'The plain request', signal, (limited) =>
      client.callPlain(deviceId, 'InvalidateOneTimePassword', request, limited),
    );
    return invalidated;
  } catch {
    return false;
  }
};

/** Whoever stalls the plain request must not use up the time that the secure path needs. */
const PLAIN_LIMIT = Seconds(5);

/**
 * Tells the device that the update is decided; it ends its password and says so over TLS before it answers
 * (S421–S425). Only that is believed.
 *
 * @throws PosternError `response-invalid` when it answers without having said so
 * @spec U18
 */
export const letTargetErase =
  ({ client, erasures }: ErasingOptions): Erase =>
  async ({ jobId, deviceId, updaterId: userName }, { invalidation }, _, signal) => {
    // Said already, while the answer to an earlier try was lost.
    if (erasures.take(jobId, deviceId)) return;
    await client.call(deviceId, 'ConcludeUpdate', { userName, jobId, invalidation }, signal);
    if (erasures.take(jobId, deviceId)) return;
    throw new PosternError(
      'response-invalid',
      `${deviceId} answered without telling that its password ended`,
      {
        hint: 'Let the updater erase the password (`devices.NAME.eraser: updater`) if the device cannot.',
      },
    );
  };
