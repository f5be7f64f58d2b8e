import type { device } from '@postern/contracts';
import type { CallContext } from '@postern/soap-rpc';
import { requireOwnName } from './authorisation.ts';
import type { CredentialService } from './credential-operations.ts';

/** @spec U12 */
export const invalidateOneTimePassword = async (
  { target, callers }: CredentialService,
  { userName, jobId }: device.InvalidateOneTimePassword,
  { peer }: CallContext,
): Promise<device.InvalidateOneTimePasswordResponse> => {
  requireOwnName(callers, userName, peer);
  return { jobId, invalidated: await target.endCredential('invalidate', userName, jobId) };
};

/**
 * The same in plain HTTP, where only a code under the job's report key proves the caller; an updater that shares no
 * such key is believed, as the scheme's description has it.
 *
 * @throws PosternError `request-unproved`
 * @spec U12
 */
export const invalidateByCode = async (
  { target }: Pick<CredentialService, 'target'>,
  { userName, jobId, mac }: device.InvalidateOneTimePassword,
): Promise<device.InvalidateOneTimePasswordResponse> => ({
  jobId,
  invalidated: await target.invalidate(userName, jobId, mac, 'anybody'),
});
