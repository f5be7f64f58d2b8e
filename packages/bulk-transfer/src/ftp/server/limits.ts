import { type Duration, Seconds } from '@postern/core';
import { type BulkServerLimits, DEFAULT_BULK_SERVER_LIMITS } from '../../common/server-limits.ts';

/** What one FTP server grants. All of it holds per server, so a device with many neighbours stays bounded. */
export interface FtpLimits extends BulkServerLimits {
  /** From PASV or EPSV until the data connection is there. */
  readonly dataConnectTime: Duration;
  /** Commands that may wait behind the one being carried out; one more is told 421. */
  readonly queuedCommands: number;
}

export const DEFAULT_FTP_LIMITS: FtpLimits = {
  ...DEFAULT_BULK_SERVER_LIMITS,
  dataConnectTime: Seconds(30),
  queuedCommands: 16,
};
