import type { Clock, Entropy, Logger } from '@postern/core';
import type { BulkService, UpdateTarget } from '@postern/software-update';
import type { NvRam } from './adapters/flash/nv-ram.ts';

/** The normal firmware, or the compact program that runs when the firmware is unusable. */
export type ProgramKind = 'firmware' | 'updater-program';

/** What `UpdateTarget.startNotification` says. */
export type StartNotification = ReturnType<UpdateTarget['startNotification']>;

/** What every program of a device gets from the boot loader. */
export interface ProgramContext {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly nvRam: NvRam;
  /** The update target behind the bulk path. */
  readonly service: BulkService;
  /** What the start notification says; `undefined`: none is to be sent. */
  readonly startNotification: () => StartNotification | undefined;
  /** The intermediary has accepted the start notification. */
  readonly onAnnounced: () => void;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/** A program that runs: its listeners are up. */
export interface RunningProgram {
  readonly ftpPort: number;
  /** Absent from the compact updater program. */
  readonly soapPort?: number;
  /** Drops all connections and stops listening. */
  stop(): Promise<void>;
}
