import { type Duration, Minutes, Seconds } from '@postern/core';

/** What one FTP server grants. All of it holds per server, so a device with many neighbours stays bounded. */
export interface FtpLimits {
  /** From connecting until logged in. */
  readonly loginTime: Duration;
  /** Between two commands of a logged-in session. A running transfer is not idle. */
  readonly idleTime: Duration;
  /** From PASV or EPSV until the data connection is there. */
  readonly dataConnectTime: Duration;
  /** A transfer must move `slowTransferBytes` in each of these intervals. */
  readonly slowTransferInterval: Duration;
  readonly slowTransferBytes: number;
  /** How long one call into the {@link BulkService} may take. */
  readonly serviceTime: Duration;
  /** Control connections at one time; one more is told 421. */
  readonly sessions: number;
  /** Wrong logins on one connection; the last of them is told 421 and dropped. */
  readonly wrongLogins: number;
  /** Commands that may wait behind the one being carried out; one more is told 421. */
  readonly queuedCommands: number;
  /** Bytes of one directory listing. */
  readonly listingBytes: number;
}

export const DEFAULT_FTP_LIMITS: FtpLimits = {
  loginTime: Seconds(30),
  idleTime: Minutes(2),
  dataConnectTime: Seconds(30),
  slowTransferInterval: Seconds(30),
  slowTransferBytes: 1_024,
  serviceTime: Minutes(2),
  sessions: 4,
  wrongLogins: 3,
  queuedCommands: 16,
  listingBytes: 64 * 1_024,
};

/** Bytes of unread replies at which a client that never reads is dropped. */
export const REPLY_BACKLOG_BYTES = 64 * 1_024;
