import { createHmac } from 'node:crypto';
import { sameDigest } from '../credential/one-time-password.ts';
import { isUpdateErrorCode, type UpdateErrorCode, updateError } from '../errors.ts';

/** Longest version report, in bytes, that an updater reads. */
export const LONGEST_VERSION_REPORT = 16_384;

/** Where the target is with an update. */
export type TargetActivity = 'idle' | 'receiving' | 'waiting-for-jobs' | 'installing';

/** What a version report says. Lines that begin with `@` are ours; a device of another vendor leaves them out. */
export interface VersionReport {
  /** Component → version, of the software that runs. */
  readonly versions: Readonly<Record<string, string>>;
  readonly activity?: TargetActivity;
  /** Why the job's last installation was not done. */
  readonly error?: UpdateErrorCode;
}

/** What the compact updater program reports in place of a version: nothing else is left that would start. */
export const UNUSABLE = 'unusable';

/**
 * Whether the compact updater program reports, and waits for the images of a job that it knows.
 *
 * @spec D5
 */
export const awaitsImages = ({ versions, activity }: VersionReport): boolean =>
  activity === 'receiving' && Object.values(versions).every((version) => version === UNUSABLE);

/** What an authenticated report is bound to. */
export interface ReportBinding {
  readonly deviceId: string;
  readonly jobId: string;
  readonly nonce: string;
  /** Hexadecimal, shared on the secure path. */
  readonly reportKey: string;
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,31}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/;
const ACTIVITIES: readonly TargetActivity[] = ['idle', 'receiving', 'waiting-for-jobs', 'installing'];

/**
 * Writes a report: one `component=version` a line, then state, nonce and HMAC when there is a binding.
 *
 * @spec U2 X2
 */
export const formatVersionReport = (report: VersionReport, binding?: ReportBinding): Uint8Array => {
  const lines = Object.entries(report.versions).map(([name, version]) => `${name}=${version}`);
  if (report.activity !== undefined) lines.push(`@activity=${report.activity}`);
  if (report.error !== undefined) lines.push(`@error=${report.error}`);
  if (binding !== undefined) {
    lines.push(`@nonce=${binding.nonce}`);
    lines.push(`@hmac=${authenticate(lines, binding)}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`, 'utf8');
};

/**
 * Reads a report, and when a binding is given proves that it comes from the device of this job and answers this nonce.
 *
 * @spec U2 X2
 * @throws PosternError `version-report-malformed`, `version-report-forged`
 */
export const readVersionReport = (bytes: Uint8Array, binding?: ReportBinding): VersionReport => {
  const lines = splitLines(bytes);
  if (binding !== undefined) verifyLines(lines, binding);
  const versions: Record<string, string> = {};
  let activity: TargetActivity | undefined;
  let error: UpdateErrorCode | undefined;
  for (const line of lines) {
    const at = line.indexOf('=');
    const [name, value] = at < 0 ? ['', line] : [line.slice(0, at), line.slice(at + 1)];
    if (name === '@activity') activity = ACTIVITIES.find((candidate) => candidate === value);
    else if (name === '@error') error = isUpdateErrorCode(value) ? value : 'transfer-refused';
    else if (name === '@nonce' || name === '@hmac') continue;
    else if (NAME.test(name) && VERSION.test(value) && !Object.hasOwn(versions, name)) versions[name] = value;
    else throw updateError('version-report-malformed', 'The version report has a line that cannot be read');
  }
  return {
    versions,
    ...(activity === undefined ? {} : { activity }),
    ...(error === undefined ? {} : { error }),
  };
};

const splitLines = (bytes: Uint8Array): readonly string[] => {
  if (bytes.length > LONGEST_VERSION_REPORT) {
    throw updateError('version-report-malformed', 'The version report is too long');
  }
  return Buffer.from(bytes)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
};

const verifyLines = (lines: readonly string[], binding: ReportBinding): void => {
  const last = lines.at(-1) ?? '';
  const signed = lines.slice(0, -1);
  const fresh = signed.at(-1) === `@nonce=${binding.nonce}`;
  const genuine = last.startsWith('@hmac=') && sameDigest(last.slice(6), authenticate(signed, binding));
  if (!fresh || !genuine) {
    throw updateError(
      'version-report-forged',
      'The version report is not authenticated for this job and nonce',
    );
  }
};

const authenticate = (lines: readonly string[], binding: ReportBinding): string =>
  createHmac('sha256', Buffer.from(binding.reportKey, 'hex'))
    .update(['postern-version-report-1', binding.deviceId, binding.jobId, ...lines].join('\n'))
    .digest('hex');

/**
 * The code a start notification bears while a job is open (S115).
 *
 * @spec U6 X2
 */
export const startNotificationMac = (binding: ReportBinding): string =>
  createHmac('sha256', Buffer.from(binding.reportKey, 'hex'))
    .update(['postern-start-1', binding.deviceId, binding.jobId, binding.nonce].join('\n'))
    .digest('hex');
