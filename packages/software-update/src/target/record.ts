import type { Instant } from '@postern/core';
import type { TargetCredential } from '../credential/target-credential.ts';
import type { UpdateErrorCode } from '../errors.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import { decodeTrust, type StoredTrust, type VendorTrust } from '../manifest/vendor-trust.ts';
import type { BootRecord, Slot } from './boot.ts';
import type { ListMemory } from './list-memory.ts';

/** Everything a target must remember across a power cut; plain data in NV-RAM, saved as a whole. */
export interface TargetRecord {
  readonly credential: TargetCredential;
  readonly boot: BootRecord;
  readonly installation: Installation;
  /** Per component, the release counter of the newest release that was ever committed (X1: no way back). */
  readonly releaseCounters: Readonly<Record<string, number>>;
  /** Why the last job installed nothing. */
  readonly lastError?: { readonly jobId: string; readonly code: UpdateErrorCode };
  /** The trust after the rotations that were followed; absent as long as the pinned one is in force. */
  readonly trust?: StoredTrust;
  /** In a device without a clock: the latest time that was proved to it. */
  readonly latestTime?: Instant;
  /** Absent until the first login with a listed password. */
  readonly passwordLists?: ListMemory;
}

/**
 * Whom the device believes now.
 *
 * @param pinned what it was made with
 * @throws PosternError `key-rotation-invalid` when NV-RAM is damaged: never back to keys that may have been revoked
 */
export const trustInForce = ({ trust }: TargetRecord, pinned: VendorTrust): VendorTrust =>
  trust === undefined ? pinned : decodeTrust(trust);

/**
 * none → receiving → staged → none. `receiving` names what is expected; `staged` means all of it is in the
 * other slot, verified, and only waits for the device's jobs to end.
 */
export type Installation =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'receiving' | 'staged';
      readonly jobId: string;
      readonly slot: Slot;
      readonly wanted: readonly ManifestComponent[];
      /** The slot was emptied for this job: what lies in it now are parts of these images and of no others. */
      readonly cleared: boolean;
      /** Names of the components that have arrived whole. */
      readonly arrived: readonly string[];
    };

/** Nothing is expected. */
export const NOTHING: Installation = { kind: 'none' };

/** A device as it leaves the factory with its software in slot A. */
export const factoryRecord = (releaseCounters: Readonly<Record<string, number>>): TargetRecord => ({
  credential: { kind: 'none' },
  boot: { active: 'A', phase: 'committed', trialBootsLeft: 0 },
  installation: NOTHING,
  releaseCounters,
});
