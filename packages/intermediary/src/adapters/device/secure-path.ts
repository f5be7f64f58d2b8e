import {
  type OneTimeScheme,
  type SecurePath,
  type UpdateScheme,
  updateError,
} from '@postern/software-update';
import { type ErasingOptions, invalidate, letTargetErase, overwrite } from './erase.ts';
import { type SharingOptions, shareOurs, shareTheirs } from './share.ts';

export type SecurePathOptions = SharingOptions & ErasingOptions;

/**
 * The secure path to devices, each job in the way of its scheme: SOAP over TLS, and in plain HTTP what holds no secret.
 *
 * @spec U1 U8 U11 U12 U15 U18
 */
export const soapSecurePath = (options: SecurePathOptions): SecurePath => {
  const sharing = { updater: shareOurs(options), target: shareTheirs(options) };
  const erasing = {
    invalidate: invalidate(options),
    overwrite: overwrite(options),
    target: letTargetErase(options),
  };
  return {
    share: async (job, credential, signal) => {
      const scheme = oneTime(job.scheme);
      return sharing[scheme.passwordGenerator](job, scheme, credential, signal);
    },
    erase: async (job, credential, signal) => {
      const scheme = oneTime(job.scheme);
      if (scheme.eraser === 'target') return erasing.target(job, scheme, credential, signal);
      const erase = scheme.invalidation === 'request' ? erasing.invalidate : erasing.overwrite;
      return erase(job, scheme, credential, signal);
    },
  };
};

const oneTime = (scheme: UpdateScheme): OneTimeScheme => {
  if (scheme.credential === 'one-time-password') return scheme;
  throw updateError('internal-error', 'A password list does without a secure path');
};
