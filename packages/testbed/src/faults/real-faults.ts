import { Milliseconds } from '@postern/core';
import { corruptSlot, type DeviceFaults, deviceDirectory } from '@postern/device-emulator';
import type { RealTopology } from '../topology/real-topology.ts';
import type { BulkTrouble, DeviceTrouble, Faults, LineFaults, TierTrouble } from './faults.ts';
import { refuse } from './refusal.ts';
import type { ShiftedClock } from './shifted-clock.ts';

export interface RealFaultsOptions {
  readonly topology: RealTopology;
  /** What the devices were started with. */
  readonly startedWith: (deviceId: string) => DeviceFaults;
  /** Of tiers in this process, by name. */
  readonly clocks: ReadonlyMap<string, ShiftedClock>;
}

/** Faults of tiers with real sockets: in this process, in processes, in namespaces. */
export class RealFaults implements Faults {
  readonly #options: RealFaultsOptions;
  readonly #ofDevices = new Map<string, DeviceFaults>();

  constructor(options: RealFaultsOptions) {
    this.#options = options;
  }

  line(lan: string): LineFaults {
    const { firewall } = this.#options.topology.lan(lan);
    return {
      cut: () => firewall.cut(),
      blackhole: () => firewall.blackhole(),
      heal: () => {
        firewall.restore();
        firewall.shape({});
      },
      slow: (bytesPerSecond) => firewall.shape({ ...firewall.shaped, bytesPerSecond }),
      delay: (delay) => firewall.shape({ ...firewall.shaped, delay }),
      lose: (loss) => firewall.shape({ ...firewall.shaped, loss }),
      dropIdle: (idleTimeout) => firewall.shape({ ...firewall.shaped, idleTimeout }),
    };
  }

  device(id: string): DeviceTrouble {
    const { topology, startedWith } = this.#options;
    const device = topology.device(id);
    const setAll = async (faults: DeviceFaults): Promise<void> => {
      await device.setFaults(faults);
      this.#ofDevices.set(id, faults);
    };
    const set = (faults: DeviceFaults): Promise<void> =>
      setAll({ ...(this.#ofDevices.get(id) ?? startedWith(id)), ...faults });
    return {
      powerCut: () => device.powerOff(),
      powerOn: () => device.powerOn(),
      set,
      clear: () => setAll({}),
      fillDisk: () => set({ storageBytes: 0 }),
      corruptDisk: (slot) => corruptSlot(deviceDirectory(topology.lanOf(id).files.deviceDataDir, id), slot),
      shiftClock: (clockOffset) => set({ clockOffset: Milliseconds(clockOffset) }),
    };
  }

  tier(name: string): TierTrouble {
    const { topology, clocks } = this.#options;
    const tier = name === topology.serverName ? topology.server : topology.lan(name).intermediary;
    return {
      stop: () => tier.stop(),
      kill: async () => {
        if (topology.run === 'in-process') refuse(`kill ${name}; it can be stopped`, topology.run);
        await tier.kill();
      },
      start: () =>
        name === topology.serverName ? topology.startServer() : topology.lan(name).startIntermediary(),
      shiftClock: (offset) => {
        const clock = clocks.get(name) ?? refuse(`another time of day at ${name}`, topology.run);
        clock.shift(offset);
      },
    };
  }

  bulkPath(deviceId: string): BulkTrouble {
    const { topology } = this.#options;
    if (!topology.hasTaps)
      refuse(`tamper with the bulk path of ${deviceId}; start it with taps`, topology.run);
    const { proxy } = topology.lanOf(deviceId).taps(deviceId);
    return { tamper: (rules) => proxy.setRules(rules) };
  }
}
