import type { Clock, Entropy, Logger } from '@postern/core';
import type { BulkService, Party, UpdateTarget } from '@postern/software-update';
import type { DeviceMemory } from './adapters/flash/nv-ram.ts';
import type { PlaceCall } from './control/system-control.ts';
import type { PanelOrderResult } from './domain/panel-order.ts';

/** What the update key of the panel does: orders an update whose password the named side makes. Never rejects. */
export type OrderUpdate = (generator: Party) => Promise<PanelOrderResult>;

/** The normal firmware, or the compact program that runs when the firmware is unusable. */
export type ProgramKind = 'firmware' | 'updater-program';

/** What `UpdateTarget.startNotification` says. */
export type StartNotification = ReturnType<UpdateTarget['startNotification']>;

/** A bulk path that is served. */
export interface BulkServer {
  readonly port: number;
  /** SHA-256 of what an encrypted path proves to have (TLS certificate, SSH host key), as 64 hexadecimal digits. */
  readonly fingerprint?: string | undefined;
  /** Drops all connections and stops listening. */
  close(): Promise<void>;
}

/** Serves the bulk path of a device; which protocol it is was decided by whoever composed the program. */
export type BulkServerFactory = (options: {
  readonly service: BulkService;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly host: string;
  readonly port: number;
}) => Promise<BulkServer>;

/** What every program of a device gets from the boot loader. */
export interface ProgramContext {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly nvRam: DeviceMemory;
  /** The update target behind the bulk path. */
  readonly service: BulkService;
  readonly bulkServer: BulkServerFactory;
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
  /** Of the plain listener, where the firmware has one. */
  readonly plainPort?: number;
  /** The update key of the panel; dead while the firmware does not run. */
  readonly orderUpdate?: OrderUpdate;
  /** What its user-call key sends; dead likewise. */
  readonly placeCall?: PlaceCall;
  /** Drops all connections and stops listening. */
  stop(): Promise<void>;
}
