import type { intermediary } from '@postern/contracts';
import {
  credentialId,
  sameDigest,
  startNotificationMac,
  type UpdateJob,
  type UpdaterState,
} from '@postern/software-update';

/** `proved`: the device itself says so. `hint`: nobody can tell. `suspicious`: the device would have proved it. */
export type StartVerdict = 'proved' | 'hint' | 'suspicious';

/**
 * How much a start notification that came without TLS is worth to a running update. The code covers device, job and
 * the job's nonce, but not the rest of the message: even a proved one is only a reason to look at the device again,
 * never a source of addresses or versions.
 *
 * @spec U6 X2 P1
 */
export const judgeStart = (
  { mac, jobId }: Pick<intermediary.NotifyStart, 'mac' | 'jobId'>,
  job: Pick<UpdateJob, 'deviceId' | 'jobId'>,
  { credential, target }: Pick<UpdaterState, 'credential' | 'target'>,
): StartVerdict => {
  const known = credential && credentialId(job.jobId, credential);
  if (credential !== undefined && mac !== undefined && known !== undefined && jobId === known) {
    const { nonce, reportKey } = credential;
    const expected = startNotificationMac({ deviceId: job.deviceId, jobId: known, nonce, reportKey });
    if (sameDigest(mac, expected)) return 'proved';
  }
  return target?.authenticatedReports === true ? 'suspicious' : 'hint';
};
