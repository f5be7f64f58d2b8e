import type { SecurePath } from '@postern/software-update';
import type { DeviceCall } from '../requests/ask-device.ts';
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

/** Calls of devices that are active: one may have been released since its request was taken. */
export const callsToActive =
  (call: DeviceCall, source: StandingSource): DeviceCall =>
  async (deviceId, request, signal) => {
    requireActive(source, deviceId);
    return call(deviceId, request, signal);
  };
