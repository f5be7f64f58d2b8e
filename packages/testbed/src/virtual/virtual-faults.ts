import type { DeviceFaults } from '@postern/device-emulator';
import type { TierTrouble } from '../faults/faults.ts';
import { refuse } from '../faults/refusal.ts';
import { TopologyFaults } from '../faults/topology-faults.ts';
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
export const virtualFaults = ({
  network,
  tiers,
  device,
  startedWith,
}: VirtualFaultsOptions): TopologyFaults =>
  new TopologyFaults({
    line: (lan) => network.line(present(tiers.has(lan) ? lan : undefined, `LAN ${lan}`)),
    device,
    startedWith,
    corruptSlot: async (id, slot) => device(id).node.slots.rot(slot),
    tier: (name) => tierTrouble(present(tiers.get(name), `tier ${name}`)),
    bulkPath: () => refuse('tamper with the bulk path', 'virtual'),
  });

const tierTrouble = (node: SimulatedNode): TierTrouble => ({
  // A process that ends in order leaves no more behind than one that is killed.
  stop: async () => node.down(),
  kill: async () => node.down(),
  start: async () => node.up(),
  shiftClock: (offset) => node.shiftClock(offset),
});
