import { type Duration, Minutes, Seconds } from '@postern/core';

/** What one server of the bulk path grants, of whatever kind. All of it holds per server. */
export interface BulkServerLimits {
  /** From connecting until logged in; the handshake of an encrypted path is part of it. */
  readonly loginTime: Duration;
  /** Between two commands of a logged-in session. A running transfer is not idle. */
  readonly idleTime: Duration;
  /** A transfer must move `slowTransferBytes` in each of these intervals. */
  readonly slowTransferInterval: Duration;
  readonly slowTransferBytes: number;
  /** How long one call into the {@link BulkService} may take. */
  readonly serviceTime: Duration;
  /** Connections at one time; one more is refused. */
  readonly sessions: number;
  /** Wrong logins on one connection; after the last of them it is dropped. */
  readonly wrongLogins: number;
  /** Bytes of one directory listing. */
  readonly listingBytes: number;
}

export const DEFAULT_BULK_SERVER_LIMITS: BulkServerLimits = {
  loginTime: Seconds(30),
  idleTime: Minutes(2),
  slowTransferInterval: Seconds(30),
  slowTransferBytes: 1_024,
  serviceTime: Minutes(2),
  sessions: 4,
  wrongLogins: 3,
  listingBytes: 64 * 1_024,
};

/** Bytes of unread replies at which a client that never reads is dropped. */
export const REPLY_BACKLOG_BYTES = 64 * 1_024;

/** How long a last reply may take to leave before the connection is cut. */
export const FAREWELL_TIME: Duration = Seconds(5);
