import type { Instant } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { UpdateFailure } from '../errors.ts';
import type { ManifestComponent, SoftwareManifest } from '../manifest/manifest.ts';
import type { BulkEndpoint } from '../ports/bulk-path.ts';
import type { UpdateScheme } from '../scheme/update-scheme.ts';
import type { UpdaterPolicy } from './policy.ts';

/** What was ordered. Does not change while the update runs. */
export interface UpdateJob {
  /** The ID of the request that ordered it. */
  readonly jobId: string;
  readonly deviceId: string;
  /** The updater's own name: the user name on the bulk path. */
  readonly updaterId: string;
  readonly signedManifest: Uint8Array;
  readonly manifest: SoftwareManifest;
  readonly deadline: Instant;
  readonly policy: UpdaterPolicy;
  /** One that {@link judgeScheme} allows. */
  readonly scheme: UpdateScheme;
  /** Signed key rotations that the device may not have followed yet, oldest first. */
  readonly keyRotations?: readonly Uint8Array[];
  /** A signed statement of the time, for a device without a clock. */
  readonly signedTime?: Uint8Array;
}

/**
 * Where an update is. Each phase stands for one effect that may be repeated: after a crash the phase that
 * was recorded last is simply entered again.
 *
 * preparing → sharing → checking → transferring → restarting → rechecking → erasing → reporting → (owing) → finished
 */
export type Phase =
  | 'preparing'
  | 'sharing'
  | 'checking'
  | 'transferring'
  | 'restarting'
  | 'rechecking'
  | 'erasing'
  | 'reporting'
  | 'owing'
  | 'finished';

/** How an update ended. `verified` and nothing else is a success. */
export type UpdateOutcome =
  | { readonly state: 'verified' }
  | { readonly state: 'not-required' }
  | { readonly state: 'cancelled'; readonly failure: UpdateFailure }
  | { readonly state: 'failed'; readonly failure: UpdateFailure };

/** What the target answered when it took the credential. */
export interface ShareResult {
  readonly endpoint: BulkEndpoint;
  /** The device checks manifests itself (X1). */
  readonly manifestChecked: boolean;
  /** The device authenticates its version reports (X2). */
  readonly authenticatedReports: boolean;
}

/** The updater's whole memory of one update; plain data, persisted at every transition. Times are epoch milliseconds. */
export interface UpdaterState {
  readonly phase: Phase;
  /** Failed tries of this phase's effect so far. */
  readonly tries: number;
  /** Version reports of this phase that were not authentic. */
  readonly forgeries: number;
  /**
   * How often the device has refused the password, and the update went on with another one; of a list every entry
   * counts that was given up.
   */
  readonly renewals: number;
  /** The effect is not to be tried before this. */
  readonly notBefore?: Instant;
  /** Whole transfers begun. */
  readonly transfers: number;
  /** Held until the target's copy is known to be unusable; then forgotten (U13). */
  readonly credential?: UpdateCredential;
  /** The password is one of a list, and the device has restarted or refuses it: the next reading takes another one. */
  readonly passwordOver?: boolean;
  /**
   * `maybe`: a request to store or to make it may have reached the device; written before the first is sent. From
   * then on there is something to erase, whether the password itself has arrived here or not.
   */
  readonly shared: 'no' | 'maybe' | 'yes';
  readonly target?: ShareResult;
  /** Components to send. */
  readonly wanted: readonly ManifestComponent[];
  /** The last versions that the device reported. */
  readonly versions: Readonly<Record<string, string>>;
  /** In `restarting` and `rechecking`: when the device is given up. */
  readonly returnBy?: Instant;
  readonly outcome?: UpdateOutcome;
  /** Whether the target's copy of the password is known to be unusable. */
  readonly erased: boolean;
}

export const initialState: UpdaterState = {
  phase: 'preparing',
  tries: 0,
  forgeries: 0,
  renewals: 0,
  transfers: 0,
  shared: 'no',
  wanted: [],
  versions: {},
  erased: false,
};

/**
 * The state of an update whose password was shared when it was ordered: made by the device and sent with the order
 * from its panel (Fig 23).
 *
 * @spec U17
 */
export const sharedState = (credential: UpdateCredential, target: ShareResult): UpdaterState => ({
  ...initialState,
  credential,
  target,
  shared: 'yes',
});

/**
 * Whether the job can still be called off: nothing has been completed at the target yet. In `transferring` that is
 * to be seen first after an interruption; until then the driver holds a cancellation back.
 */
export const isCancellable = (phase: Phase): boolean =>
  phase === 'preparing' || phase === 'sharing' || phase === 'checking' || phase === 'transferring';
