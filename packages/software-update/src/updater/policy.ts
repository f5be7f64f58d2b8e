import { type Duration, Minutes, Seconds } from '@postern/core';

/** How patient and how stubborn an updater is. Every wait of an update is bounded by one of these or the job's deadline. */
export interface UpdaterPolicy {
  /** How often the image is sent before the update fails (U10). */
  readonly transferTries: number;
  /** First pause before something is tried again; doubles up to `longestPause`. */
  readonly retryPause: Duration;
  readonly longestPause: Duration;
  /** One exchange on the secure path. */
  readonly exchangeTimeout: Duration;
  /** How long the restarted device may take to notify its start. */
  readonly restartTimeout: Duration;
  /** How often the erasure is tried before the result is reported with the erasure still owed. */
  readonly eraseTries: number;
  /** How long the one-time password lives beyond the job's deadline, so that an erasure is never too late to matter. */
  readonly credentialMargin: Duration;
}

export const DEFAULT_POLICY: UpdaterPolicy = {
  transferTries: 3,
  retryPause: Seconds(1),
  longestPause: Seconds(60),
  exchangeTimeout: Seconds(30),
  restartTimeout: Minutes(5),
  eraseTries: 3,
  credentialMargin: Minutes(5),
};
