import type { intermediary, types } from '@postern/contracts';
import type { Entropy } from '@postern/core';
import type { ShareResult, UpdateCredential, UpdateJob } from '@postern/software-update';

/** What a device sends of a password that it has made. */
export interface TargetPassword {
  readonly oneTimePassword: types.OneTimePassword;
  readonly reportKey?: types.SymmetricKey;
}

/** A password that the target has made, and what it said of itself with it. */
export interface TakenPassword {
  readonly credential: UpdateCredential;
  readonly target: ShareResult;
}

/** Bytes of a report key. */
const REPORT_KEY = 32;

/**
 * The credential of a job whose password the target has made. Where it sends no report key nobody else learns ours
 * either: nothing can be proved with it, and nothing forged.
 *
 * @spec U15 U17
 */
export const targetCredential = (
  { updaterId }: Pick<UpdateJob, 'updaterId'>,
  { oneTimePassword, reportKey }: TargetPassword,
  nonce: string,
  entropy: Entropy,
): UpdateCredential => ({
  userName: updaterId,
  oneTimePassword,
  reportKey: Buffer.from(reportKey ?? entropy.bytes(REPORT_KEY)).toString('hex'),
  nonce,
});

/** What a device is answered that has brought its password: what it is for. */
export const answerPassword = (
  { jobId, updaterId, signedManifest, keyRotations = [], signedTime }: UpdateJob,
  nonce: string,
): intermediary.StoreOneTimePasswordResponse => ({
  jobId,
  userName: updaterId,
  signedManifest,
  nonce,
  ...(keyRotations.length === 0 ? {} : { keyRotations: { record: keyRotations } }),
  ...(signedTime === undefined ? {} : { signedTime }),
});
