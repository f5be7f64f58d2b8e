import type { DeviceFleet, DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { Tier } from './tier.ts';

/** What each tier says when it is ready. */
export interface ServerReady {
  readonly uplinkPort: number;
  readonly restPort: number;
  readonly operatorTokenFile: string;
  /** What devices without a clock believe the server's time by. */
  readonly timeKeyFile: string;
}
export interface IntermediaryReady {
  readonly securePort: number;
  readonly noticePort: number;
  /** Where intermediaries below call; absent where none may. */
  readonly belowPort?: number | undefined;
  /** Where requests come by mail; only of one in this process. */
  readonly mail?: { readonly port: number; readonly refused: ReadonlyMap<string, number> } | undefined;
}
export interface FleetReady {
  readonly devices: readonly {
    readonly id: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly securePath?: Endpoint | undefined;
    readonly bulkPath?: Endpoint | undefined;
    /** What it listens on. */
    readonly ports: {
      readonly soap?: number | undefined;
      readonly ftp?: number | undefined;
      readonly plain?: number | undefined;
    };
  }[];
}

/** Where the processes of a LAN write, and how they are started there. */
export interface ProcessPlace {
  readonly directory: string;
  readonly launch: { readonly intermediary: readonly string[]; readonly devices: readonly string[] };
}

/** The tiers of a LAN, not yet started. */
export interface LanTiers {
  readonly intermediary: Tier<IntermediaryConfigInput, IntermediaryReady>;
  readonly fleet: Tier<DeviceFleetConfigInput, FleetReady>;
  /** A device as a test holds it. */
  readonly device: (id: string) => ControlledDevice;
  /** The devices themselves, where they run in this process. */
  readonly localFleet: { readonly running: DeviceFleet } | undefined;
}
