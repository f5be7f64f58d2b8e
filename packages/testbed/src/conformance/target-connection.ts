import type { Clock, Entropy, Logger } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';

/** How an implementation under test is reached, whatever it is. */
export interface TargetConnection {
  /** Of its contract, e.g. `https://10.0.0.7:8443/device`. */
  readonly url: string;
  /** Whom it expects to be called by. */
  readonly node: EnrolledNode;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}
