import { type Duration, Minutes, Seconds } from '@postern/core';

/** How long the FTP client waits for what. */
export interface FtpClientLimits {
  /** From connecting until the greeting. */
  readonly connectTime: Duration;
  /** One command until its reply; also opening a data connection and fetching a small file. */
  readonly replyTime: Duration;
  /** A transfer in which the other side takes nothing for so long is broken off. */
  readonly stallTime: Duration;
  /** The local source must give its next piece within this time. */
  readonly sourceTime: Duration;
  /** From the last byte handed over until the reply: the network's buffers drain, the device checks the image. */
  readonly completionTime: Duration;
}

export const DEFAULT_FTP_CLIENT_LIMITS: FtpClientLimits = {
  connectTime: Seconds(15),
  replyTime: Seconds(30),
  stallTime: Seconds(60),
  sourceTime: Seconds(60),
  completionTime: Minutes(5),
};
