import type { RemoteStep } from '@postern/contracts';
import type { Instant } from '@postern/core';

/** Somebody at the panel asks for service. */
export interface ServiceCall {
  readonly callId: string;
  readonly at: Instant;
  readonly reason: string;
}

/**
 * `succeeded`: service has answered. `pending`: it will, and the answer shows on the panel then. `failed`: the
 * intermediary says so, or would not take the call. `unanswered`: the intermediary was silent, and the device gave up.
 */
export type CallOutcome = 'succeeded' | 'pending' | 'failed' | 'unanswered';

/** What came of a call so far. */
export interface CallResult {
  readonly callId: string;
  readonly outcome: CallOutcome;
  /** Why not. */
  readonly code?: string;
  /** For whoever stands at the panel. */
  readonly text: string;
}

/** A call as NV-RAM keeps it, so that a result that comes later finds it. */
export interface CallRecord extends ServiceCall {
  /** `open`: nothing has come of it yet. */
  readonly outcome: CallOutcome | 'open';
}

/** Calls that a device remembers. */
export const MOST_CALLS = 4;

/** The records with this call in its latest state, the newest call last. */
export const withCall = (records: readonly CallRecord[], call: CallRecord): readonly CallRecord[] => {
  const known = records.some(({ callId }) => callId === call.callId);
  if (known) return records.map((record) => (record.callId === call.callId ? call : record));
  return [...records, call].slice(-MOST_CALLS);
};

/**
 * The steps of Fig 11 that end a call: told to system control, shown on the panel. A delay notice ends nothing.
 *
 * @spec R6 R7 R8
 */
export const LAST_STEPS: Readonly<Record<CallOutcome, readonly RemoteStep[]>> = {
  succeeded: ['S707', 'S708'],
  failed: ['S710', 'S711'],
  unanswered: ['S712', 'S713'],
  pending: [],
};
