import type { Duration } from '@postern/core';
import { credentialId } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import type { BulkPath, BulkSession } from '../ports/bulk-path.ts';
import { versionReportName } from '../version-report/bulk-names.ts';
import {
  LONGEST_VERSION_REPORT,
  readVersionReport,
  type VersionReport,
} from '../version-report/version-report.ts';
import type { UpdateJob, UpdaterState } from './state.ts';

/** The updater's connection on the bulk path: opened when needed, kept from the transfer until the restart drops it. */
export interface TargetSession {
  open(state: UpdaterState, signal: AbortSignal): Promise<BulkSession>;
  /** Reads the version report; with a report key it must be authentic and answer `nonce`. */
  readReport(state: UpdaterState, job: UpdateJob, nonce: string, signal: AbortSignal): Promise<VersionReport>;
  /** A promise for the end of the open connection; none when there is no connection. */
  dropped(): readonly Promise<void>[];
  close(): Promise<void>;
}

export const createTargetSession = (bulkPath: BulkPath, closeLimit: Duration): TargetSession => {
  let current: BulkSession | undefined;

  const open = async (state: UpdaterState, signal: AbortSignal): Promise<BulkSession> => {
    if (current !== undefined) return current;
    const { credential, target } = state;
    if (credential === undefined || target === undefined) {
      throw updateError('internal-error', 'The bulk path was opened before the credential was shared');
    }
    const { userName, oneTimePassword } = credential;
    const session = await bulkPath.open(target.endpoint, { userName, oneTimePassword }, signal);
    current = session;
    void session.closed.then(() => {
      if (current === session) current = undefined;
    });
    return session;
  };

  return {
    open,
    readReport: async (state, job, nonce, signal) => {
      const session = await open(state, signal);
      const { credential, target } = state;
      if (credential === undefined || target?.authenticatedReports !== true) {
        return readVersionReport(await session.retrieve(versionReportName(), LONGEST_VERSION_REPORT, signal));
      }
      const bytes = await session.retrieve(versionReportName(nonce), LONGEST_VERSION_REPORT, signal);
      const { deviceId } = job;
      const jobId = credentialId(job.jobId, credential);
      return readVersionReport(bytes, { deviceId, jobId, nonce, reportKey: credential.reportKey });
    },
    dropped: () => (current === undefined ? [] : [current.closed]),
    close: async () => {
      const session = current;
      current = undefined;
      await session?.close(closeLimit);
    },
  };
};
