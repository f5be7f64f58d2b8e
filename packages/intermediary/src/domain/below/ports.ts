import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { CallState } from './call-life.ts';

/** What a device is answered, whichever way it is told. */
export interface Reply {
  readonly outcome: device.Outcome;
  readonly text: string;
}

/** Something that a device said: kept so that it is one delivery however often it is repeated. */
export interface Said {
  readonly deliveryId: string;
  readonly deviceId: string;
  readonly kind: string;
  /** The device's own identifier of it. */
  readonly ownId: string;
  /** SHA-256 of its content. */
  readonly content: string;
  /** The intermediary below that brought it; undefined for a device of this site. */
  readonly below: string | undefined;
  readonly state: CallState;
  readonly at: Instant;
  /** What whoever brought it was answered. */
  readonly told: Reply | undefined;
  /** The final answer from above, when it was not told. */
  readonly answer: Reply | undefined;
}

/** The latest of what devices said. All calls are synchronous and durable on return. */
export interface SaidStore {
  transaction<T>(work: () => T): T;
  find(deliveryId: string): Said | undefined;
  /** In order of arrival. */
  findIn(state: CallState): readonly Said[];
  /** Adds one, and forgets what is too old: of each device so many that have ended are kept, and so many that have not. */
  add(said: Said, keep: number): void;
  /** Writes what may change: state, told, answer. */
  save(said: Pick<Said, 'deliveryId' | 'state' | 'told' | 'answer'>): void;
}
