import type { Clock } from '@postern/core';
import type { Channel } from './channel.ts';

/** What an attacker has. */
export interface Means {
  readonly channel: Channel;
  readonly clock: Clock;
  /** As it was told; every program knows what that is. */
  readonly knows: object;
}

/** One kind of attacker. */
export type AttackerProgram = (means: Means) => Promise<void>;
