import type { device, intermediary } from '@postern/contracts';
import type { Clock } from '@postern/core';
import {
  expiryAfter,
  type IncomingCredential,
  type UpdateTarget,
  updateError,
} from '@postern/software-update';
import { bulkEndpoint, type InformationSource } from './device-information.ts';

/** What a device needs to take a password. */
export interface CredentialTaker {
  readonly target: UpdateTarget;
  readonly clock: Clock;
  readonly information: InformationSource;
}

/** The password of a job and all that came with it, whoever made it. */
export type CredentialOrder = Pick<
  device.StoreOneTimePassword,
  'userName' | 'oneTimePassword' | 'lifetimeSeconds' | 'jobId' | 'reportKey' | 'notifyStartAt'
> &
  Pick<intermediary.StoreOneTimePasswordResponse, 'signedManifest' | 'nonce' | 'keyRotations' | 'signedTime'>;

/**
 * Takes the password of a job and says where the bulk path is and what the other end of it will prove.
 *
 * @throws PosternError `manifest-required`, and those of `UpdateTarget.storeCredential`
 * @spec U1
 */
export const takeCredential = async (
  { target, clock, information }: CredentialTaker,
  order: CredentialOrder,
): Promise<device.CredentialStored> => {
  if (order.signedManifest === undefined && information.settings.requireManifest) {
    throw updateError('manifest-required', 'This device installs nothing without a signed manifest');
  }
  await target.storeCredential(incoming(order, clock));
  return {
    jobId: order.jobId,
    ...bulkPathOf(information),
    authenticatedReports: order.reportKey !== undefined,
    manifestChecked: order.signedManifest !== undefined,
  };
};

/** Where the bulk path is, of which kind, and the key that its other end has to prove. */
export const bulkPathOf = (
  information: InformationSource,
): Pick<device.CredentialStored, 'bulkPath' | 'bulkPathKind' | 'bulkHostKey'> => {
  const { settings } = information;
  const bulkHostKey = information.bulkHostKey();
  return {
    bulkPath: bulkEndpoint(information),
    bulkPathKind: settings.bulkPathKind,
    ...(bulkHostKey === undefined ? {} : { bulkHostKey }),
  };
};

const incoming = (order: CredentialOrder, clock: Clock): IncomingCredential => {
  const { userName, oneTimePassword, lifetimeSeconds, jobId, signedManifest, reportKey, nonce } = order;
  const { keyRotations, signedTime, notifyStartAt } = order;
  return {
    userName,
    oneTimePassword,
    jobId,
    expiresAt: expiryAfter(clock.now(), lifetimeSeconds),
    ...(signedManifest === undefined ? {} : { signedManifest }),
    ...(reportKey === undefined ? {} : { reportKey: Buffer.from(reportKey).toString('hex') }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(keyRotations?.record === undefined ? {} : { keyRotations: keyRotations.record }),
    ...(signedTime === undefined ? {} : { signedTime }),
    ...(notifyStartAt === undefined ? {} : { notifyStartAt }),
  };
};
