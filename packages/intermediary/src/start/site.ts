import type { StepObserver } from '@postern/contracts';
import type { Clock, Closers, Entropy, Logger } from '@postern/core';
import type { EnrolledNode, RevocationList } from '@postern/pki';
import type { IntermediaryConfig } from '../config.ts';
import type { Launch } from '../own-software/own-software.ts';

/** What a process gives an intermediary. */
export interface Surroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Told of the steps of requests, calls and updates; nobody unless given. */
  readonly onStep?: StepObserver | undefined;
  /** Of a process that a launcher has started; without one the own software is not updated. */
  readonly launch?: Launch;
}

/** What all parts are built from. */
export interface Site extends Surroundings {
  readonly config: IntermediaryConfig;
  readonly node: EnrolledNode;
  /** Absent where nobody is ever revoked. */
  readonly revocations: RevocationList | undefined;
  /** Each part that is started adds how to stop it. */
  readonly ending: Closers;
  /** Where start notifications are listened for. */
  readonly listening: Known<number | undefined>;
  /** The node above has answered a poll, or there is none. */
  readonly uplinkWorks: Known<void>;
}

/** Something that is known later. */
export interface Known<T> {
  readonly value: Promise<T>;
  readonly settle: (value: T) => void;
}

export const settleOnce = <T>(): Known<T> => {
  let settle: Known<T>['settle'] = () => {};
  const value = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { value, settle };
};
