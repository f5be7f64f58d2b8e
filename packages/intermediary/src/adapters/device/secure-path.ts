import { after, between, type Clock, Days, type Entropy, toSeconds } from '@postern/core';
import {
  type SecurePath,
  type UpdateCredential,
  type UpdateJob,
  updateError,
} from '@postern/software-update';
import { type DeviceStore, endpointOf } from '../../domain/devices.ts';
import { intermediaryError } from '../../errors.ts';
import type { DeviceClient } from './device-client.ts';

/** What contracts carry at most. */
const LONGEST_LIFETIME = toSeconds(Days(31));
/** Bytes of randomness in an erasure password. */
const ERASURE_PASSWORD = 32;

/**
 * The secure path to devices: SOAP over mutual TLS.
 *
 * @spec U1 U8 U11
 */
export const soapSecurePath = (options: {
  readonly client: DeviceClient;
  readonly devices: DeviceStore;
  readonly clock: Clock;
  readonly entropy: Entropy;
}): SecurePath => {
  const { client, devices, clock, entropy } = options;
  return {
    share: async (job, credential, signal) => {
      if (credential === undefined) throw updateError('internal-error', 'There is no password to share');
      const request = shareRequest(job, credential, lifetimeSeconds(job, clock));
      const answer = await client.call(job.deviceId, 'StoreOneTimePassword', request, signal);
      const device = devices.get(job.deviceId);
      const endpoint = device && endpointOf(answer.bulkPath ?? device.information.bulkPath, device);
      if (endpoint === undefined) {
        throw intermediaryError('device-unreachable', `${job.deviceId} told no place of its bulk path`);
      }
      const target = {
        endpoint,
        manifestChecked: answer.manifestChecked ?? false,
        authenticatedReports: answer.authenticatedReports ?? false,
      };
      return { target };
    },

    erase: async (job, _credential, signal) => {
      const request = {
        userName: job.updaterId,
        oneTimePassword: Buffer.from(entropy.bytes(ERASURE_PASSWORD)).toString('base64url'),
        lifetimeSeconds: lifetimeSeconds(job, clock),
        jobId: job.jobId,
        purpose: 'erasure' as const,
      };
      await client.call(job.deviceId, 'StoreOneTimePassword', request, signal);
    },
  };
};

const shareRequest = (job: UpdateJob, credential: UpdateCredential, lifetime: number) => ({
  userName: credential.userName,
  oneTimePassword: credential.oneTimePassword,
  lifetimeSeconds: lifetime,
  jobId: job.jobId,
  signedManifest: job.signedManifest,
  reportKey: Buffer.from(credential.reportKey, 'hex'),
  nonce: credential.nonce,
});

/** Until the job's deadline and a margin, so that an erasure is never too late to matter; at least a second. */
const lifetimeSeconds = ({ deadline, policy }: UpdateJob, clock: Clock): number => {
  const rest = toSeconds(between(clock.now(), after(deadline, policy.credentialMargin)));
  return Math.min(Math.max(rest, 1), LONGEST_LIFETIME);
};
