import { corruptSlot, type DeviceFaults, deviceDirectory } from '@postern/device-emulator';
import type { RealTopology } from '../topology/real-topology.ts';
import type { BulkTrouble, TierTrouble } from './faults.ts';
import { refuse } from './refusal.ts';
import type { ShiftedClock } from './shifted-clock.ts';
import { TopologyFaults } from './topology-faults.ts';

export interface RealFaultsOptions {
  readonly topology: RealTopology;
  /** What the devices were started with. */
  readonly startedWith: (deviceId: string) => DeviceFaults;
  /** Of tiers in this process, by name. */
  readonly clocks: ReadonlyMap<string, ShiftedClock>;
}

/** Faults of tiers with real sockets: in this process, in processes, in namespaces. */
export const realFaults = ({ topology, startedWith, clocks }: RealFaultsOptions): TopologyFaults =>
  new TopologyFaults({
    line: (lan) => topology.lan(lan).firewall,
    device: (id) => topology.device(id),
    startedWith,
    corruptSlot: (id, slot) => {
      const { deviceDataDir } = topology.lanOf(id).files;
      return corruptSlot(deviceDirectory(deviceDataDir, id), slot);
    },
    tier: (name) => tierTrouble(topology, name, clocks.get(name)),
    bulkPath: (id) => bulkTrouble(topology, id),
  });

const tierTrouble = (topology: RealTopology, name: string, clock: ShiftedClock | undefined): TierTrouble => {
  const { run } = topology;
  const isServer = name === topology.serverName;
  const tier = isServer ? topology.server : topology.intermediary(name);
  return {
    stop: () => tier.stop(),
    kill: async () => {
      if (run === 'in-process') refuse(`kill ${name}; it can be stopped`, run);
      await tier.kill();
    },
    start: () => (isServer ? topology.startServer() : topology.lan(name).startIntermediary()),
    shiftClock: (offset) => (clock ?? refuse(`another time of day at ${name}`, run)).shift(offset),
  };
};

const bulkTrouble = (topology: RealTopology, id: string): BulkTrouble => {
  if (!topology.hasTaps) refuse(`tamper with the bulk path of ${id}; start it with taps`, topology.run);
  const { proxy } = topology.lanOf(id).taps(id);
  return { tamper: (rules) => proxy.setRules(rules) };
};
