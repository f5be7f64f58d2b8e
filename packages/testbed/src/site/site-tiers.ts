import type { Closable } from '@postern/core';
import {
  type DeviceEvent,
  type DeviceFleet,
  type DeviceFleetConfigInput,
  startDevices,
} from '@postern/device-emulator';
import {
  type BuiltInIntermediary,
  type IntermediaryConfig,
  type IntermediaryConfigInput,
  parseConfig as parseIntermediaryConfig,
  startBuiltIn,
  startIntermediary,
} from '@postern/intermediary';
import {
  type ManagementServer,
  type ServerConfigInput,
  startManagementServer,
} from '@postern/management-server';
import { localDevice } from '../devices/local-device.ts';
import { ProcessDevices } from '../devices/process-devices.ts';
import { stepsFrom } from '../steps/process-steps.ts';
import { carriedTiers } from './carried-tiers.ts';
import { deviceProcess } from './device-process.ts';
import { present } from './present.ts';
import { localTier, processTier, type Tier } from './tier.ts';
import type { FleetReady, IntermediaryReady, LanTiers, ProcessPlace, ServerReady } from './tier-kinds.ts';
import type { TierPorts } from './tier-ports.ts';

/**
 * The management server, not yet started.
 *
 * @param place of a process of its own; undefined: in this process
 */
export const serverTier = (
  place: { readonly directory: string; readonly launch: readonly string[] } | undefined,
  ports: TierPorts,
): Tier<ServerConfigInput, ServerReady> =>
  place === undefined
    ? localTier<ServerConfigInput, ManagementServer, ServerReady>(
        'server',
        (config) => startManagementServer(config, ports),
        (running) => running,
      )
    : processTier({
        ...{ clock: ports.clock, ...place, command: 'server', name: 'server' },
        onEvent: stepsFrom(ports.onStep ?? (() => {})),
      });

/**
 * @param place of processes of their own; undefined: in this process
 * @param carrier the device that has the intermediary built in, if one has
 */
export const lanTiers = (
  place: ProcessPlace | undefined,
  ports: TierPorts,
  carrier: string | undefined,
): LanTiers => {
  if (place === undefined) return localTiers(ports, carrier);
  return carrier === undefined ? processTiers(ports, place) : carriedTiers(ports, place, carrier);
};

const processTiers = ({ clock, onStep }: TierPorts, { directory, launch }: ProcessPlace): LanTiers => {
  const fleet = processTier<DeviceFleetConfigInput, FleetReady>({
    ...{ clock, directory, command: 'device', name: 'devices', launch: launch.devices },
    ...deviceProcess(onStep, () => devices),
  });
  const devices = new ProcessDevices((command) => fleet.ask(command));
  return {
    intermediary: processTier({
      ...{ clock, directory, command: 'intermediary', name: 'intermediary', launch: launch.intermediary },
      onEvent: stepsFrom(onStep ?? (() => {})),
    }),
    fleet,
    device: (id) => devices.device(id),
    localFleet: undefined,
  };
};

const localTiers = (ports: TierPorts, carrier: string | undefined): LanTiers => {
  const { clock, intermediaryClock = clock, logger } = ports;
  const start = (config: IntermediaryConfig) =>
    startIntermediary(config, { ...ports, clock: intermediaryClock });
  let builtIn: BuiltInIntermediary | undefined;
  const onEvent = (id: string, event: DeviceEvent): void => {
    if (id === carrier) builtIn?.follow(event.type);
  };
  const fleet = localTier<DeviceFleetConfigInput, DeviceFleet, FleetReady>(
    'devices',
    (config) => startDevices(config, { ...ports, onEvent }),
    (running) => ({ devices: [...running.devices.values()] }),
  );
  return {
    intermediary: localTier<IntermediaryConfigInput, IntermediaryReady & Closable, IntermediaryReady>(
      'intermediary',
      async (input) => {
        const config = parseIntermediaryConfig(input);
        if (carrier === undefined) return start(config);
        builtIn = await startBuiltIn({ config, start, logger });
        return builtIn;
      },
      (running) => running,
    ),
    fleet,
    device: (id) => localDevice(id, () => present(fleet.running.devices.get(id), `device ${id}`)),
    localFleet: fleet,
  };
};
