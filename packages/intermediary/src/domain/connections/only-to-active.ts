import type { SecurePath } from '@postern/software-update';
import { requireActive, type StandingSource } from './standing.ts';

/**
 * A secure path on which no password is shared with a device that is not active; what was shared before can always be
 * erased.
 *
 * @spec I3
 */
export const onlyToActive = (securePath: SecurePath, source: StandingSource): SecurePath => ({
  share: async (job, credential, signal) => {
    requireActive(source, job.deviceId);
    return securePath.share(job, credential, signal);
  },
  erase: (job, credential, signal) => securePath.erase(job, credential, signal),
});
