import type { StepObserver } from '@postern/contracts';
import type { Clock, Entropy, Logger } from '@postern/core';

/** What tiers are given; those in processes of their own take the system's clock and entropy, and log to files. */
export interface TierPorts {
  readonly clock: Clock;
  /** What an intermediary in this process tells the time by; `clock` unless given. */
  readonly intermediaryClock?: Clock | undefined;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Told of every step that a tier takes. */
  readonly onStep?: StepObserver | undefined;
}
