import type { Instant } from '@postern/core';

/** Which updates are remembered, finished ones included. */
export interface UpdateHistory {
  /** Identifiers, newest first. */
  newest(limit: number): readonly string[];
  /** The newest update of a device. */
  newestOf(deviceId: string): string | undefined;
}

/** Up to where the log of a device is collected. */
export interface LogMark {
  /** Of the latest entry, by the clock of the device. */
  readonly at: Instant;
  /** How many entries of that very moment are collected. */
  readonly entries: number;
}

/** Synchronous and durable on return. */
export interface LogMarks {
  find(deviceId: string): LogMark | undefined;
  save(deviceId: string, mark: LogMark): void;
}
