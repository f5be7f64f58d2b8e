import { type Clock, type Entropy, PosternError } from '@postern/core';
import {
  makeNonce,
  type OneTimeScheme,
  type Shared,
  type UpdateCredential,
  type UpdateJob,
  updateError,
} from '@postern/software-update';
import type { DeviceEndpoint, DeviceStore, RegisteredDevice } from '../../domain/devices.ts';
import { type DeviceLink, provesNothing } from '../../domain/schemes/device-links.ts';
import { bulkEndpoint } from '../../domain/updates/bulk-endpoint.ts';
import type { PasswordArrivals } from '../../domain/updates/password-arrivals.ts';
import { lifetimeSeconds, softwareOf } from '../../domain/updates/share-parts.ts';
import { targetCredential } from '../../domain/updates/target-password.ts';
import { INTERMEDIARY_ERRORS, intermediaryError } from '../../errors.ts';
import type { DeviceClient } from './device-client.ts';

export interface SharingOptions {
  readonly client: DeviceClient;
  readonly devices: DeviceStore;
  readonly linkOf: (deviceId: string) => DeviceLink;
  readonly arrivals: PasswordArrivals;
  /** Where devices are to notify their start, when they are not configured for this updater; known once it listens. */
  readonly notifyStartAt?: () => Promise<DeviceEndpoint | undefined>;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** One way to come to the same password on both sides. */
type Share = (
  job: UpdateJob,
  scheme: OneTimeScheme,
  credential: UpdateCredential | undefined,
  signal: AbortSignal,
) => Promise<Shared>;

/**
 * The updater has made the password (S103–S106, S414–S417).
 *
 * @spec U1
 */
export const shareOurs =
  ({ client, devices, notifyStartAt, clock }: SharingOptions): Share =>
  async (job, { bulkPathKind }, credential, signal) => {
    if (credential === undefined) throw updateError('internal-error', 'There is no password to share');
    const { userName, oneTimePassword, reportKey, nonce } = credential;
    const noticeEndpoint = await notifyStartAt?.();
    const request = {
      userName,
      oneTimePassword,
      lifetimeSeconds: lifetimeSeconds(job, clock),
      jobId: job.jobId,
      reportKey: Buffer.from(reportKey, 'hex'),
      nonce,
      ...softwareOf(job),
      ...(noticeEndpoint === undefined ? {} : { notifyStartAt: noticeEndpoint }),
    };
    const answer = await client.call(job.deviceId, 'StoreOneTimePassword', request, signal);
    const target = {
      endpoint: bulkEndpoint(answer, registered(devices, job), bulkPathKind),
      manifestChecked: answer.manifestChecked ?? false,
      authenticatedReports: answer.authenticatedReports ?? false,
    };
    return { target };
  };

/**
 * The target makes the password (Fig 21). It is asked over TLS and answers with it; or in plain HTTP, and then it
 * brings it over TLS before it answers.
 *
 * @spec U15
 */
export const shareTheirs = (options: SharingOptions): Share => {
  const { devices, linkOf } = options;
  return (job, scheme, _, signal) => {
    const link = linkOf(job.deviceId);
    const { plainPath } = registered(devices, job).information;
    // Who cannot prove a name cannot bring a password; and whoever asks in plain HTTP might be asking for an order.
    const plain =
      link.plainRequests &&
      plainPath !== undefined &&
      !provesNothing(link) &&
      job.scheme.orderedBy !== 'panel';
    return plain ? byRequest(options, job, signal) : inResponse(options, job, scheme, signal);
  };
};

const inResponse = async (
  { client, devices, clock, entropy }: SharingOptions,
  job: UpdateJob,
  { bulkPathKind }: OneTimeScheme,
  signal: AbortSignal,
): Promise<Shared> => {
  const nonce = makeNonce(entropy);
  const request = { ...asking(job, clock), nonce, ...softwareOf(job) };
  const answer = await client.call(job.deviceId, 'GenerateOneTimePassword', request, signal);
  const { oneTimePassword, reportKey, manifestChecked = false } = answer;
  if (oneTimePassword === undefined) throw broughtNothing(job, 'in its answer');
  const made = { oneTimePassword, ...(reportKey === undefined ? {} : { reportKey }) };
  return {
    credential: targetCredential(job, made, nonce, entropy),
    target: {
      endpoint: bulkEndpoint(answer, registered(devices, job), bulkPathKind),
      manifestChecked,
      authenticatedReports: reportKey !== undefined && answer.authenticatedReports !== false,
    },
  };
};

/** Nothing of the plain answer is believed: everything that counts has come with the password. */
const byRequest = async (
  { client, clock, arrivals }: SharingOptions,
  job: UpdateJob,
  signal: AbortSignal,
): Promise<Shared> => {
  const { taken } = await arrivals.during(job, () =>
    client.callPlain(job.deviceId, 'GenerateOneTimePassword', asking(job, clock), signal),
  );
  if (taken === undefined) throw broughtNothing(job, 'on the secure path');
  return taken;
};

const asking = (job: UpdateJob, clock: Clock) => ({
  userName: job.updaterId,
  lifetimeSeconds: lifetimeSeconds(job, clock),
  jobId: job.jobId,
});

/** Tried again: a plain answer may be anybody's. */
const broughtNothing = ({ deviceId }: UpdateJob, where: string) =>
  new PosternError('response-invalid', `${deviceId} answered, but brought no password ${where}`, {
    hint: INTERMEDIARY_ERRORS['password-not-expected'],
  });

const registered = (devices: DeviceStore, { deviceId }: UpdateJob): RegisteredDevice => {
  const device = devices.get(deviceId);
  if (device !== undefined) return device;
  throw intermediaryError('device-unknown', `No device ${deviceId} has registered here`);
};
