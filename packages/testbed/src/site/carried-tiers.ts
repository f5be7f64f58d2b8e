import type { DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import { ProcessDevices } from '../devices/process-devices.ts';
import { deviceProcess } from './device-process.ts';
import { present } from './present.ts';
import { processTier } from './tier.ts';
import type { FleetReady, IntermediaryReady, LanTiers, ProcessPlace } from './tier-kinds.ts';
import type { TierPorts } from './tier-ports.ts';

/**
 * The tiers of a LAN whose intermediary is built into one of the devices, as the one process that they are: it starts
 * with the devices.
 */
export const carriedTiers = (
  { clock, onStep }: Pick<TierPorts, 'clock' | 'onStep'>,
  { directory, launch }: ProcessPlace,
  carrier: string,
): LanTiers => {
  const device = processTier<object, FleetReady & IntermediaryReady>({
    clock,
    directory,
    launch: launch.devices,
    command: 'device',
    name: 'devices',
    ...deviceProcess(onStep, () => devices),
  });
  const devices = new ProcessDevices((command) => device.ask(command));
  let configuration: IntermediaryConfigInput | undefined;
  return {
    intermediary: {
      start: async (config) => {
        configuration = config;
        return { securePort: 0, noticePort: 0 };
      },
      stop: async () => {},
      kill: () => device.kill(),
      get ready() {
        return device.ready;
      },
      get pid() {
        return device.pid;
      },
    },
    fleet: {
      start: ({ intermediary: _, ...devices }: DeviceFleetConfigInput) => {
        const built = present(configuration, 'intermediary to build in');
        return device.start({ ...devices, intermediaryFunction: { carrier, configuration: built } });
      },
      stop: () => device.stop(),
      kill: () => device.kill(),
      get ready() {
        return device.ready;
      },
      get pid() {
        return device.pid;
      },
    },
    device: (id) => devices.device(id),
    localFleet: undefined,
  };
};
