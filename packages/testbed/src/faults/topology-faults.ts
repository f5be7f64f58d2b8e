import { Milliseconds } from '@postern/core';
import type { DeviceFaults } from '@postern/device-emulator';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import type { Firewall } from '../firewall/index.ts';
import type { BulkTrouble, DeviceTrouble, Faults, LineFaults, TierTrouble } from './faults.ts';

/** A line that can be broken and worsened: a firewall, or the one of a network in memory. */
export type TroubledLine = Pick<Firewall, 'cut' | 'blackhole' | 'restore' | 'shape' | 'shaped'>;

/** Where a run kind breaks things. */
export interface FaultParts {
  readonly line: (lan: string) => TroubledLine;
  readonly device: (id: string) => ControlledDevice;
  /** What a device was started with. */
  readonly startedWith: (deviceId: string) => DeviceFaults;
  readonly corruptSlot: (deviceId: string, slot: 'A' | 'B') => Promise<void>;
  readonly tier: (name: string) => TierTrouble;
  readonly bulkPath: (deviceId: string) => BulkTrouble;
}

/** The faults of a topology, the same in every run kind: its parts say how each comes about there, or refuse it. */
export class TopologyFaults implements Faults {
  readonly #parts: FaultParts;
  readonly #ofDevices = new Map<string, DeviceFaults>();

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  line(lan: string): LineFaults {
    const line = this.#parts.line(lan);
    return {
      cut: () => line.cut(),
      blackhole: () => line.blackhole(),
      heal: () => {
        line.restore();
        line.shape({});
      },
      slow: (bytesPerSecond) => line.shape({ ...line.shaped, bytesPerSecond }),
      delay: (delay) => line.shape({ ...line.shaped, delay }),
      lose: (loss) => line.shape({ ...line.shaped, loss }),
      dropIdle: (idleTimeout) => line.shape({ ...line.shaped, idleTimeout }),
    };
  }

  device(id: string): DeviceTrouble {
    const { startedWith, corruptSlot } = this.#parts;
    const device = this.#parts.device(id);
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
      corruptDisk: (slot) => corruptSlot(id, slot),
      shiftClock: (clockOffset) => set({ clockOffset: Milliseconds(clockOffset) }),
    };
  }

  tier(name: string): TierTrouble {
    return this.#parts.tier(name);
  }

  bulkPath(deviceId: string): BulkTrouble {
    return this.#parts.bulkPath(deviceId);
  }
}
