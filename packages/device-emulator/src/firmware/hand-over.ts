import type { device, intermediary } from '@postern/contracts';
import type { Entropy } from '@postern/core';
import type { Gate } from '../domain/gate.ts';
import { deviceError } from '../errors.ts';
import type { UseLink } from './intermediary-link.ts';
import { bulkPathOf, type CredentialTaker, takeCredential } from './take-credential.ts';

export interface HandOverService extends CredentialTaker {
  readonly entropy: Entropy;
  readonly useLink: UseLink;
  /** Logins wait here: the updater may come before the device has kept what it has just handed over. */
  readonly handingOver: Gate;
}

/** A password and the key that authenticates reports under it. */
export interface MadePassword {
  /** 256 random bits in base64url. */
  readonly oneTimePassword: string;
  readonly reportKey: Uint8Array;
}

/** What a password is made for. */
export interface PasswordJob {
  readonly jobId: string;
  readonly lifetimeSeconds: number;
}

/** The device's own one-time password (S401, S403). */
export const makePassword = (entropy: Entropy): MadePassword => ({
  oneTimePassword: Buffer.from(entropy.bytes(32)).toString('base64url'),
  reportKey: entropy.bytes(32),
});

/**
 * Hands the device's own password to the intermediary over TLS and keeps it only then: what is to be installed comes in
 * the answer, and must be good. Handing the same one over again is harmless.
 *
 * @throws PosternError `answer-mismatched`, those of `IntermediaryLink.storePassword` and of {@link takeCredential}
 * @spec U15 U17
 */
export const handOver = (
  service: HandOverService,
  job: PasswordJob,
  made: MadePassword,
  signal: AbortSignal,
): Promise<device.CredentialStored> => service.handingOver.during(() => exchange(service, job, made, signal));

const exchange = async (
  service: HandOverService,
  job: PasswordJob,
  made: MadePassword,
  signal: AbortSignal,
): Promise<device.CredentialStored> => {
  const request = { ...job, ...made, ...bulkPathOf(service.information), manifestChecked: true };
  const answer = await service.useLink((link) => link.storePassword(request, signal));
  requireAnswerTo(job.jobId, service.information.settings.intermediary.name, answer);
  const { signedManifest, nonce, keyRotations, signedTime } = answer;
  return takeCredential(service, {
    ...job,
    ...made,
    userName: answer.userName,
    ...(signedManifest === undefined ? {} : { signedManifest }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(keyRotations === undefined ? {} : { keyRotations }),
    ...(signedTime === undefined ? {} : { signedTime }),
  });
};

const requireAnswerTo = (
  jobId: string,
  userName: string,
  answer: intermediary.StoreOneTimePasswordResponse,
): void => {
  if (answer.jobId === jobId && answer.userName === userName) return;
  throw deviceError('answer-mismatched', 'The intermediary took the password for another job or user');
};
