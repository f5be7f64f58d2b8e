import type { Duration } from '@postern/core';
import type { DeviceFaults } from '@postern/device-emulator';
import type { TamperingRules } from '../tampering/index.ts';

/** The line between a LAN and whoever is above it. What a run kind cannot do is refused with `not-in-this-run`. */
export interface LineFaults {
  /** The line breaks: what is connected is reset, and so is what connects from now on. */
  cut(): void;
  /** Packets vanish: connections stay, nothing passes. What was sent passes after {@link LineFaults.heal}. */
  blackhole(): void;
  /** Ends {@link LineFaults.cut} and {@link LineFaults.blackhole}, and everything that was said of speed, delay, loss and idleness. */
  heal(): void;
  /** Rate of each connection, each way. */
  slow(bytesPerSecond: number): void;
  /** How long every byte is under way, each way. */
  delay(duration: Duration): void;
  /** So large a part of the pieces (0 to 1) is lost, and comes when it was sent again. */
  lose(fraction: number): void;
  /** A connection that is opened from now on and on which nothing passes for so long is dropped, as a NAT forgets it. */
  dropIdle(after: Duration): void;
}

/** What can happen to one device. */
export interface DeviceTrouble {
  /** The power fails: nothing is saved that is not on the device's disk already. */
  powerCut(): Promise<void>;
  /** Power is back; resolves when the device listens. */
  powerOn(): Promise<void>;
  /** What is wrong with the device from now on, beside what was. */
  set(faults: DeviceFaults): Promise<void>;
  /** Nothing is wrong with it any more. */
  clear(): Promise<void>;
  /** No room for images; {@link DeviceTrouble.clear} makes room again. */
  fillDisk(): Promise<void>;
  /** A bit of a slot flips, while the device is off. */
  corruptDisk(slot: 'A' | 'B'): Promise<void>;
  /** Its time of day is ahead of everybody else's (negative: behind). */
  shiftClock(offset: Duration): Promise<void>;
}

/** What can happen to the server or an intermediary. */
export interface TierTrouble {
  /** Ends in order. */
  stop(): Promise<void>;
  /** SIGKILL, or what comes to the same. */
  kill(): Promise<void>;
  /** Starts again, on its old ports, with what it had made durable. */
  start(): Promise<void>;
  /** Its time of day is ahead of everybody else's (negative: behind). */
  shiftClock(offset: Duration): void;
}

/** Somebody on the bulk path between a device and its updater. */
export interface BulkTrouble {
  /** Does from now on what these rules say; `{}`: nothing. Uploads count from here. */
  tamper(rules: TamperingRules): void;
}

/** Everything that can go wrong in a topology. */
export interface Faults {
  /** @param lan the intermediary's name */
  line(lan: string): LineFaults;
  device(id: string): DeviceTrouble;
  /** @param name an intermediary's, or `server` */
  tier(name: string): TierTrouble;
  bulkPath(deviceId: string): BulkTrouble;
}
