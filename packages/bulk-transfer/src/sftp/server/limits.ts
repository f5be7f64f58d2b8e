import { type BulkServerLimits, DEFAULT_BULK_SERVER_LIMITS } from '../../common/server-limits.ts';

/** What one SFTP server grants. */
export interface SftpLimits extends BulkServerLimits {
  /** Requests and their bytes that wait behind the one being carried out; the socket is not read beyond that. */
  readonly queuedRequests: number;
  readonly queuedBytes: number;
  /** Files and listings that one session may have open. */
  readonly handles: number;
  /** Tries of whatever authentication on one connection; `wrongLogins` counts passwords only. */
  readonly authRequests: number;
  /** Answers that a client does not take; one more and it is dropped. */
  readonly heldAnswers: number;
}

export const DEFAULT_SFTP_LIMITS: SftpLimits = {
  ...DEFAULT_BULK_SERVER_LIMITS,
  queuedRequests: 128,
  queuedBytes: 256 * 1_024,
  handles: 8,
  authRequests: 10,
  heldAnswers: 64,
};
