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

/** What tiers in this process are given. */
export interface TierPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/**
 * The management server, not yet started.
 *
 * @param directory of a process of its own; undefined: in this process
 */
export const serverTier = (
  directory: string | undefined,
  ports: TierPorts,
): Tier<ServerConfigInput, ServerReady> =>
  directory === undefined
    ? localTier<ServerConfigInput, ManagementServer, ServerReady>(
        'server',
        (config) => startManagementServer(config, ports),
        (running) => running,
      )
    : processTier({ clock: ports.clock, directory, command: 'server', name: 'server' });

/** The tiers of a LAN, not yet started. */
export interface LanTiers {
  readonly intermediary: Tier<IntermediaryConfigInput, IntermediaryReady>;
  readonly fleet: Tier<DeviceFleetConfigInput, FleetReady>;
  /** The devices themselves, where they run in this process. */
  readonly localFleet: { readonly running: DeviceFleet } | undefined;
}

/** @param directory of processes of their own; undefined: in this process */
export const lanTiers = (directory: string | undefined, ports: TierPorts): LanTiers =>
  directory === undefined ? localTiers(ports) : processTiers(ports.clock, directory);

const processTiers = (clock: Clock, directory: string): LanTiers => ({
  intermediary: processTier({ clock, directory, command: 'intermediary', name: 'intermediary' }),
  fleet: processTier({ clock, directory, command: 'device', name: 'devices' }),
  localFleet: undefined,
});

const localTiers = (ports: TierPorts): LanTiers => {
  const fleet = localTier<DeviceFleetConfigInput, DeviceFleet, FleetReady>(
    'devices',
    (config) => startDevices(config, ports),
    (running) => ({ devices: [...running.devices.values()] }),
  );
  return {
    intermediary: localTier<IntermediaryConfigInput, Intermediary, IntermediaryReady>(
      'intermediary',
      (config) => startIntermediary(parseIntermediaryConfig(config), ports),
      (running) => running,
    ),
    fleet,
    localFleet: fleet,
  };
};
