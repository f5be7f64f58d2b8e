import { type Clock, type Duration, type Logger, Minutes, Seconds } from '@postern/core';

/** How long a client of the bulk path waits for what; the same for every kind. */
export interface BulkClientLimits {
  /** From connecting until the other side may be logged in at: greeting, handshake, proof of its key. */
  readonly connectTime: Duration;
  /** One request until its reply; also opening a data connection and fetching a small file. */
  readonly replyTime: Duration;
  /** A transfer in which the other side takes nothing for so long is broken off. */
  readonly stallTime: Duration;
  /** The local source must give its next piece within this time. */
  readonly sourceTime: Duration;
  /** From the last byte handed over until the reply: the network's buffers drain, the device checks the image. */
  readonly completionTime: Duration;
}

export const DEFAULT_BULK_CLIENT_LIMITS: BulkClientLimits = {
  connectTime: Seconds(15),
  replyTime: Seconds(30),
  stallTime: Seconds(60),
  sourceTime: Seconds(60),
  completionTime: Minutes(5),
};

/** What every client of the bulk path is made with. */
export interface BulkClientOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<BulkClientLimits>;
}
