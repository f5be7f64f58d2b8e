import { Milliseconds } from '@postern/core';
import type { DeviceFaults } from '@postern/device-emulator';
import type { BulkTrouble, DeviceTrouble, Faults, LineFaults, TierTrouble } from '../faults/faults.ts';
import { refuse } from '../faults/refusal.ts';
import type { SimulatedNetwork } from '../simulation/network.ts';
import type { SimulatedNode } from '../simulation/node.ts';
import { present } from '../site/present.ts';
import type { VirtualDevice } from './virtual-device.ts';

export interface VirtualFaultsOptions {
  readonly network: SimulatedNetwork;
  /** Server and intermediaries. */
  readonly tiers: ReadonlyMap<string, SimulatedNode>;
  readonly device: (id: string) => VirtualDevice;
  readonly startedWith: (deviceId: string) => DeviceFaults;
}

/** Faults of tiers on the virtual clock. */
export class VirtualFaults implements Faults {
  readonly #options: VirtualFaultsOptions;
  readonly #ofDevices = new Map<string, DeviceFaults>();

  constructor(options: VirtualFaultsOptions) {
    this.#options = options;
  }

  line(lan: string): LineFaults {
    const line = this.#options.network.line(
      present(this.#options.tiers.has(lan) ? lan : undefined, `LAN ${lan}`),
    );
    return {
      cut: () => line.cut(),
      blackhole: () => line.blackhole(),
      heal: () => line.heal(),
      slow: () => refuse('a rate of a line', 'virtual'),
      delay: (duration) => line.delay(duration),
      lose: (fraction) => line.lose(fraction),
      dropIdle: () => refuse('idle connections', 'virtual'),
    };
  }

  device(id: string): DeviceTrouble {
    const device = this.#options.device(id);
    const setAll = async (faults: DeviceFaults): Promise<void> => {
      await device.setFaults(faults);
      this.#ofDevices.set(id, faults);
    };
    const set = (faults: DeviceFaults): Promise<void> =>
      setAll({ ...(this.#ofDevices.get(id) ?? this.#options.startedWith(id)), ...faults });
    return {
      powerCut: () => device.powerOff(),
      powerOn: () => device.powerOn(),
      set,
      clear: () => setAll({}),
      fillDisk: () => set({ storageBytes: 0 }),
      corruptDisk: async (slot) => device.node.slots.rot(slot),
      shiftClock: (offset) => set({ clockOffset: Milliseconds(offset) }),
    };
  }

  tier(name: string): TierTrouble {
    const node = present(this.#options.tiers.get(name), `tier ${name}`);
    return {
      // A process that ends in order leaves no more behind than one that is killed.
      stop: async () => node.down(),
      kill: async () => node.down(),
      start: async () => node.up(),
      shiftClock: () => refuse(`another time of day at ${name}`, 'virtual'),
    };
  }

  bulkPath(): BulkTrouble {
    return refuse('tamper with the bulk path', 'virtual');
  }
}
