import { isUpdateErrorCode, type UpdateErrorCode, type UpdateFailure } from '../errors.ts';
import type { EffectFailed } from './events.ts';

/** Codes of transports, and of a device that is busy, that mean "try again": nobody decided anything. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'unreachable',
  'connection-lost',
  'deadline-exceeded',
  'tls-refused',
  'response-invalid',
  'server-busy',
  'device-unreachable',
  'image-busy',
  'bulk-unreachable',
  'bulk-connection-lost',
  'bulk-timeout',
  'truncated',
  'update-already-open',
  'exchange-under-way',
  'too-many-requests',
  'request-timeout',
]);

/** Codes after which sending the image once more can help. */
const WORTH_ANOTHER_TRANSFER: ReadonlySet<string> = new Set([
  'digest-mismatch',
  'too-long',
  'version-unchanged',
]);

/** Signs of somebody between updater and device. */
const FORGERIES: ReadonlySet<string> = new Set(['version-report-forged', 'bulk-host-unproved']);

export const isForgery = (code: string): boolean => FORGERIES.has(code);

/** Whether the device does not take the password, be it at its door or when it is told that one of a list is used. */
export const isPasswordRefused = (code: string): boolean =>
  code === 'bulk-login-refused' || code === 'credential-refused';

/** Whether reading the version report failed, and not what comes behind it. */
export const isReadingFailure = (code: string): boolean =>
  code.startsWith('bulk-') || code.startsWith('version-report-');

export const isTransient = (code: string): boolean => TRANSIENT.has(code);

export const isWorthAnotherTransfer = (code: string): boolean => WORTH_ANOTHER_TRANSFER.has(code);

/** How a catalogue writes its codes; Node and SQLite write theirs otherwise. */
const CATALOGUE_CODE = /^[a-z][a-z0-9-]{0,63}$/;

/** Whether nobody foresaw the error: it has no code of any catalogue. */
export const isUnexpected = (code: string): boolean =>
  code === 'internal-error' || !CATALOGUE_CODE.test(code);

/**
 * The failure that is reported for an effect's error: transport codes are put in the operator's terms. A code that an
 * update has no own one for, such as another vendor's, stands at the head of the message.
 */
export const asFailure = ({ code, message }: Pick<EffectFailed, 'code' | 'message'>): UpdateFailure => {
  const reported = reportedCode(code);
  const told = reported === 'exchange-failed' ? `${code}: ${message}` : message;
  return { code: reported, message: told.slice(0, 1_000) };
};

const reportedCode = (code: string): UpdateErrorCode => {
  if (isUpdateErrorCode(code)) return code;
  if (code === 'bulk-login-refused') return 'credential-refused';
  if (code === 'bulk-file-refused') return 'transfer-refused';
  if (code === 'bulk-too-long') return 'version-report-malformed';
  if (isTransient(code)) return 'device-unreachable';
  return isUnexpected(code) ? 'internal-error' : 'exchange-failed';
};
