import type { LiveCredential, NotifyEndpoint, TargetCredential } from '../credential/target-credential.ts';
import { type ReportBinding, startNotificationMac, UNUSABLE } from '../version-report/version-report.ts';
import type { BootedTarget } from './boot-target.ts';

/** Versions that run, by component. */
export const runningVersions = ({
  program,
  contents,
}: Pick<BootedTarget, 'program' | 'contents'>): Readonly<Record<string, string>> => {
  const versions = Object.values(contents).map(({ name, version }) => [
    name,
    program === 'firmware' ? version : UNUSABLE,
  ]);
  return Object.fromEntries(versions);
};

/** What authenticates a report under this credential; `undefined` where the updater shares no report key. */
export const reportBinding = (credential: TargetCredential, nonce: string): ReportBinding | undefined => {
  if (credential.kind !== 'live' || credential.reportKey === undefined) return undefined;
  const { deviceId, jobId, reportKey } = credential;
  return { deviceId, jobId, nonce, reportKey };
};

/** What a start notification says of an open job; empty when none is open. */
export interface StartNotice {
  readonly jobId?: string;
  readonly mac?: string;
  /** Where to send it, when not to the device's intermediary. */
  readonly notifyStartAt?: NotifyEndpoint;
}

/**
 * The start notification of the device's present state.
 *
 * @spec U6 X2 U20
 */
export const startNotice = (credential: TargetCredential): StartNotice => {
  if (credential.kind === 'ended' && credential.startMac !== undefined) {
    return { jobId: credential.jobId, mac: credential.startMac };
  }
  if (credential.kind !== 'live') return {};
  const { jobId, notifyStartAt } = credential;
  return { jobId, ...startMac(credential), ...(notifyStartAt === undefined ? {} : { notifyStartAt }) };
};

const startMac = (credential: LiveCredential): { readonly mac?: string } => {
  if (credential.nonce === undefined) return {};
  const binding = reportBinding(credential, credential.nonce);
  return binding === undefined ? {} : { mac: startNotificationMac(binding) };
};
