import type { device } from '@postern/contracts';
import type { CallContext } from '@postern/soap-rpc';
import { type Callers, requireOwnName } from './authorisation.ts';
import { type CredentialTaker, takeCredential } from './take-credential.ts';

export interface CredentialService extends CredentialTaker {
  readonly callers: Callers;
}

/**
 * Takes the one-time password of a job, or ends it when an erasure password overwrites it.
 *
 * @throws PosternError `not-authorised`, `manifest-required`, and those of `UpdateTarget.storeCredential`
 * @spec U1 U8 U11
 */
export const storeOneTimePassword = async (
  service: CredentialService,
  request: device.StoreOneTimePassword,
  { peer }: CallContext,
): Promise<device.StoreOneTimePasswordResponse> => {
  const { userName, jobId } = request;
  requireOwnName(service.callers, userName, peer);
  if (request.purpose !== 'erasure') return takeCredential(service, request);
  await service.target.endCredential('erase', userName, jobId);
  return { jobId };
};
