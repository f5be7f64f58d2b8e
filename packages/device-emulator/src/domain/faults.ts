import type { Duration } from '@postern/core';

/** Everything that can be wrong with an emulated device, as one record. A sound device has none of it. */
export interface DeviceFaults {
  /** Firmware that runs a component in one of these versions crashes while it starts. */
  readonly crashAtBootOf?: readonly string[];
  /** Bytes of images that the storage holds; one more is refused with `storage-full`. */
  readonly storageBytes?: number;
  /** A bit of every slot flips right after it was sealed. */
  readonly corruptSlotAfterSeal?: boolean;
  /** The device stays dark after the restart that ends an installation. */
  readonly neverReturns?: boolean;
  /** How many installations are silently undone: the device restarts, but with the old version. */
  readonly ignoreUpdates?: number;
  /** No start notification is ever sent. */
  readonly muteStartNotification?: boolean;
  /** Start notifications bear no authentication code. */
  readonly notifyWithoutMac?: boolean;
  /** The bulk path takes images no faster than this, in bytes per second. */
  readonly slowReceive?: number;
  /** Every login on the bulk path is refused. */
  readonly refuseLogins?: boolean;
  /** A job that an installation waits for runs for this long from power-on. */
  readonly jobRunningFor?: Duration;
  /** The device's clock is ahead by this (behind when negative). */
  readonly clockOffset?: Duration;
}

/** Reads the faults of this moment: they may change while the device runs. */
export type CurrentFaults = () => DeviceFaults;
