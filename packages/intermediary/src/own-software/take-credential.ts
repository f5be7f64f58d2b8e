import type { device } from '@postern/contracts';
import type { Clock } from '@postern/core';
import { expiryAfter, type UpdateTarget, updateError } from '@postern/software-update';

/** The password of a job and all that came with it, whoever made it. */
export type CredentialOrder = Omit<device.StoreOneTimePassword, 'purpose'>;

/**
 * Takes the password of a job. An intermediary installs nothing that is not signed.
 *
 * @throws PosternError `manifest-required`, and those of `UpdateTarget.storeCredential`
 * @spec U1 X1
 */
export const takeCredential = async (
  target: UpdateTarget,
  order: CredentialOrder,
  clock: Clock,
): Promise<void> => {
  const { userName, oneTimePassword, jobId, signedManifest, reportKey, nonce, keyRotations, notifyStartAt } =
    order;
  if (signedManifest === undefined) {
    throw updateError('manifest-required', 'An intermediary installs nothing without a signed manifest');
  }
  await target.storeCredential({
    userName,
    oneTimePassword,
    jobId,
    expiresAt: expiryAfter(clock.now(), order.lifetimeSeconds),
    signedManifest,
    ...(reportKey === undefined ? {} : { reportKey: Buffer.from(reportKey).toString('hex') }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(keyRotations?.record === undefined ? {} : { keyRotations: keyRotations.record }),
    ...(notifyStartAt === undefined ? {} : { notifyStartAt }),
  });
};
