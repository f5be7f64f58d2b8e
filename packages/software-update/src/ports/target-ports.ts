import type { Clock, Logger } from '@postern/core';
import type { ManifestComponent } from '../manifest/manifest.ts';
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
  readonly memory: TargetMemory;
  readonly slots: SlotStorage;
  readonly engine: EngineJobs;
  /** Asks the device to restart; the target is stopped by it. */
  readonly restart: () => void;
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
