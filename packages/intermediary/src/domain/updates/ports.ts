import type { Instant } from '@postern/core';
import type { BulkEndpoint, JournalEntry, UpdateJob, UpdaterState } from '@postern/software-update';
import type { JournalLine } from './result.ts';

/** One update as it is stored. */
export interface StoredUpdate {
  readonly job: UpdateJob;
  readonly state: UpdaterState;
  /** An operator has cancelled it. */
  readonly cancelled: boolean;
  /** Where the device moved its bulk path after it took the credential. */
  readonly movedTo: BulkEndpoint | undefined;
}

/** The durable record of updates. All calls are synchronous; what they wrote is on the disk on return. */
export interface UpdateStore {
  /** Stores a new update with the journal's first lines. */
  add(update: StoredUpdate, steps: readonly JournalEntry[], at: Instant): readonly JournalLine[];
  /**
   * Writes state and journal lines in one transaction, and with a state that entered `reporting` the answer to the
   * request that ordered the update.
   *
   * @returns the lines as they were numbered
   */
  commit(
    job: UpdateJob,
    state: UpdaterState,
    steps: readonly JournalEntry[],
    at: Instant,
  ): readonly JournalLine[];
  get(jobId: string): StoredUpdate | undefined;
  /** Updates that are not finished, in the order in which they came. */
  unfinished(): readonly StoredUpdate[];
  /** How many updates of a device are neither finished nor decided. */
  countUndecided(deviceId: string): number;
  journal(jobId: string): readonly JournalLine[];
  markCancelled(jobId: string): void;
  /** `undefined`: it is where it said when it took the credential. */
  setMovedTo(jobId: string, endpoint: BulkEndpoint | undefined): void;
}
