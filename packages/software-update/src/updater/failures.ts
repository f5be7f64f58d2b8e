import { isUpdateErrorCode, type UpdateErrorCode, type UpdateFailure } from '../errors.ts';
import type { EffectFailed } from './events.ts';

/** Codes of transports that mean "try again": nobody decided anything. */
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

/** The failure that is reported for an effect's error: transport codes are put in the operator's terms. */
export const asFailure = (event: Pick<EffectFailed, 'code' | 'message'>): UpdateFailure => ({
  code: reportedCode(event.code),
  message: event.message.slice(0, 1_000),
});

const reportedCode = (code: string): UpdateErrorCode => {
  if (isUpdateErrorCode(code)) return code;
  if (code === 'bulk-login-refused') return 'credential-refused';
  if (code === 'bulk-file-refused') return 'transfer-refused';
  if (code === 'bulk-too-long') return 'version-report-malformed';
  if (isTransient(code)) return 'device-unreachable';
  return 'internal-error';
};
