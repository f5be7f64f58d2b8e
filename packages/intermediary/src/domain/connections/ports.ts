import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';

/** How a candidate came to be known. */
export type FoundBy = 'registration' | device.SearchMethod;

/** A device that has proved itself, as far as its link demands, and that nobody has adopted yet. */
export interface Candidate {
  readonly information: device.DeviceInformation;
  /** Where it registered from, or was found at. */
  readonly address: string;
  readonly foundBy: FoundBy;
  readonly foundAt: Instant;
}

/** The candidates of a site. All calls are synchronous and durable on return. */
export interface CandidateStore {
  get(deviceId: string): Candidate | undefined;
  /** In the order in which they were found. */
  all(): readonly Candidate[];
  /** Adds a candidate, or replaces what is known of it; of more than `most` the oldest give way. */
  put(candidate: Candidate, most: number): void;
  remove(deviceId: string): void;
}
