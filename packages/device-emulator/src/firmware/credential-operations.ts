import type { device } from '@postern/contracts';
import type { Clock } from '@postern/core';
import type { CallContext } from '@postern/soap-rpc';
import {
  expiryAfter,
  type IncomingCredential,
  type UpdateTarget,
  updateError,
} from '@postern/software-update';
import { deviceError } from '../errors.ts';
import { bulkEndpoint, type InformationSource } from './device-information.ts';

export interface CredentialService {
  readonly target: UpdateTarget;
  readonly clock: Clock;
  readonly information: InformationSource;
}

/**
 * Takes the one-time password of a job, or ends it when an erasure password overwrites it.
 *
 * @throws PosternError `not-authorised`, `manifest-required`, and those of `UpdateTarget.storeCredential`
 * @spec U1 U8
 */
export const storeOneTimePassword = async (
  { target, clock, information }: CredentialService,
  request: device.StoreOneTimePassword,
  context: CallContext,
): Promise<device.StoreOneTimePasswordResponse> => {
  const { userName, jobId } = request;
  requireOwnName(userName, context);
  if (request.purpose === 'erasure') {
    await target.endCredential('erase', userName, jobId);
    return { jobId };
  }
  if (request.signedManifest === undefined && information.settings.requireManifest) {
    throw updateError('manifest-required', 'This device installs nothing without a signed manifest');
  }
  await target.storeCredential(incoming(request, clock));
  return {
    jobId,
    bulkPath: bulkEndpoint(information),
    authenticatedReports: request.reportKey !== undefined,
    manifestChecked: request.signedManifest !== undefined,
  };
};

/** @spec U12 */
export const invalidateOneTimePassword = async (
  { target }: CredentialService,
  { userName, jobId }: device.InvalidateOneTimePassword,
  context: CallContext,
): Promise<device.InvalidateOneTimePasswordResponse> => {
  requireOwnName(userName, context);
  return { jobId, invalidated: await target.endCredential('invalidate', userName, jobId) };
};

/** A password is stored under the name of whoever sends it, never under another's. */
const requireOwnName = (userName: string, { peer }: CallContext): void => {
  if (userName !== peer?.name) {
    throw deviceError('not-authorised', 'The user name is not that of the caller');
  }
};

const incoming = (request: device.StoreOneTimePassword, clock: Clock): IncomingCredential => {
  const { userName, oneTimePassword, lifetimeSeconds, jobId, signedManifest, reportKey, nonce } = request;
  return {
    userName,
    oneTimePassword,
    jobId,
    expiresAt: expiryAfter(clock.now(), lifetimeSeconds),
    ...(signedManifest === undefined ? {} : { signedManifest }),
    ...(reportKey === undefined ? {} : { reportKey: Buffer.from(reportKey).toString('hex') }),
    ...(nonce === undefined ? {} : { nonce }),
  };
};
