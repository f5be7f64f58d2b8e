import { isUpdateErrorCode } from '@postern/software-update';

/** The device's own troubles; every other refusal of the update protocol is about what was sent. */
const OWN_TROUBLES: readonly string[] = [
  'storage-full',
  'storage-failed',
  'internal-error',
  'update-already-open',
];

/** What a caller of the device has only itself to blame for. */
const CALLERS_FAULTS: readonly string[] = [
  'not-authorised',
  'intermediary-only',
  'link-too-weak',
  'job-reserved',
  'secure-path-only',
  'too-many-requests',
  'request-id-reused',
  'parameter-unknown',
  'parameter-read-only',
  'parameter-invalid',
  'command-unknown',
  'argument-invalid',
  'application-unknown',
  'application-stopped',
  'file-unknown',
  'file-incomplete',
  'file-too-large',
  'file-mismatched',
];

/** Which refusals are faults of the client. */
export const blamesCaller = (code: string): boolean =>
  CALLERS_FAULTS.includes(code) || (isUpdateErrorCode(code) && !OWN_TROUBLES.includes(code));
