import type { Clock, Logger } from '@postern/core';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { TimeKeys } from '../manifest/signed-time.ts';
import type { VendorTrust } from '../manifest/vendor-trust.ts';
import type { Slot } from '../target/boot.ts';
import type { TargetRecord } from '../target/record.ts';

/** Everything a target reaches its device through. */
export interface TargetPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deviceId: string;
  readonly model: string;
  /** What is burnt into the device; a rotation in its record goes beyond it. */
  readonly vendorTrust: VendorTrust;
  /** Only in a device without a clock: where it has the time from. */
  readonly signedTime?: SignedTime;
  /** The password list that the device was given (P1). Asked anew each time: a new list may take its place. */
  readonly passwordList?: PasswordListEntries;
  readonly memory: TargetMemory;
  readonly slots: SlotStorage;
  readonly engine: EngineJobs;
  /** Asks the device to restart; the target is stopped by it. */
  readonly restart: () => void;
}

/** How a device without a clock learns the time. Its `Clock` need not know the date, but must go on while it runs. */
export interface SignedTime {
  readonly timeKeys: TimeKeys;
  /** Hexadecimal, 16 random bytes; drawn anew at every start. The device registers with it. */
  readonly freshnessNonce: string;
}

/**
 * A device's copy of a password list. Its entries never change; a new list has a new identifier.
 *
 * @spec P1
 */
export interface PasswordListEntries {
  /** The list's identifier. */
  readonly list: string;
  /** The updater that holds the other copy. */
  readonly userName: string;
  /** How many entries it has. */
  readonly size: number;
  /** @param index 0 up to {@link size} - 1 */
  entry(index: number): Promise<ListedEntry>;
}

/** One entry as the device keeps it. */
export interface ListedEntry {
  /** `listedDigest` of the password; the password itself is not kept. */
  readonly digest: string;
  /** Hexadecimal; never sent. */
  readonly reportKey: string;
}

/** NV-RAM. */
export interface TargetMemory {
  /** `undefined` on a device that was never started. */
  load(): Promise<TargetRecord | undefined>;
  /** Replaces the record; on return it survives a power cut. */
  save(record: TargetRecord): Promise<void>;
}

/** Running and reserved jobs of the device (U5). */
export interface EngineJobs {
  /** Resolves when no job runs and none is reserved. From then on none starts until the hold is released. */
  holdWhenIdle(signal: AbortSignal): Promise<EngineHold>;
}

export interface EngineHold {
  release(): void;
}

/** What a slot holds, when it holds something whole. */
export type SlotContents = Readonly<Record<string, ManifestComponent>>;

/**
 * The device's image storage. Failing writes throw `storage-full` or `storage-failed`.
 */
export interface SlotStorage {
  /** The slot's contents by component; `undefined` while it is being written or was never. */
  contents(slot: Slot): Promise<SlotContents | undefined>;
  /** Whether every component of the slot still has its digest. */
  isWhole(slot: Slot): Promise<boolean>;
  /** Makes the slot count as empty, then frees its images. */
  clear(slot: Slot): Promise<void>;
  /** Bytes of `component` in the slot. */
  size(slot: Slot, component: string): Promise<number>;
  /** Opens `component` for writing behind its first `offset` bytes. */
  append(slot: Slot, component: string, offset: number): Promise<SlotWriter>;
  read(slot: Slot, component: string): AsyncIterable<Uint8Array>;
  /** Takes `component` over from the other slot. */
  copyFromOther(slot: Slot, component: string): Promise<void>;
  /** Declares the slot whole with these contents; on return that survives a power cut. */
  seal(slot: Slot, contents: SlotContents): Promise<void>;
}

export interface SlotWriter {
  write(chunk: Uint8Array): Promise<void>;
  /** Everything written is on the disk on return. Also ends the writer after a failure; never throws then. */
  close(): Promise<void>;
}
