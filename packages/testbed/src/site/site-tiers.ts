import type { Clock, Entropy, Logger } from '@postern/core';
import { type DeviceFleet, type DeviceFleetConfigInput, startDevices } from '@postern/device-emulator';
import {
  type Intermediary,
  type IntermediaryConfigInput,
  parseConfig as parseIntermediaryConfig,
  startIntermediary,
} from '@postern/intermediary';
import {
  type ManagementServer,
  type ServerConfigInput,
  startManagementServer,
} from '@postern/management-server';
import type { Endpoint } from '../tcp/listener.ts';
import { localTier, processTier, type Tier } from './tier.ts';

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

/** The three tiers of a site, not yet started. */
export interface SiteTiers {
  readonly server: Tier<ServerConfigInput, ServerReady>;
  readonly intermediary: Tier<IntermediaryConfigInput, IntermediaryReady>;
  readonly fleet: Tier<DeviceFleetConfigInput, FleetReady>;
  /** The devices themselves, where they run in this process. */
  readonly localFleet: { readonly running: DeviceFleet } | undefined;
}

/** Each tier as a process of its own. */
export const processTiers = (clock: Clock, directory: string): SiteTiers => {
  const common = { clock, directory };
  return {
    server: processTier({ ...common, command: 'server', name: 'server' }),
    intermediary: processTier({ ...common, command: 'intermediary', name: 'intermediary' }),
    fleet: processTier({ ...common, command: 'device', name: 'devices' }),
    localFleet: undefined,
  };
};

/** All tiers in this process. */
export const localTiers = (ports: {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}): SiteTiers => {
  const fleet = localTier<DeviceFleetConfigInput, DeviceFleet, FleetReady>(
    'devices',
    (config) => startDevices(config, ports),
    (running) => ({ devices: [...running.devices.values()] }),
  );
  return {
    server: localTier<ServerConfigInput, ManagementServer, ServerReady>(
      'server',
      (config) => startManagementServer(config, ports),
      (running) => running,
    ),
    intermediary: localTier<IntermediaryConfigInput, Intermediary, IntermediaryReady>(
      'intermediary',
      (config) => startIntermediary(parseIntermediaryConfig(config), ports),
      (running) => running,
    ),
    fleet,
    localFleet: fleet,
  };
};
