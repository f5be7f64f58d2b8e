import { refuse } from '../faults/refusal.ts';
import { type LanPlan, placed } from './plan.ts';
import type { RunKind, TopologyOptions } from './topology.ts';

const WITH_SOCKETS: readonly RunKind[] = ['in-process', 'processes', 'namespaces'];
const ON_LOOPBACK: readonly RunKind[] = ['in-process', 'processes'];

/** What a topology may be made of that not every run kind has, and those that have it. */
const OF_TOPOLOGY: { readonly [K in keyof TopologyOptions]?: readonly RunKind[] } = {
  directory: WITH_SOCKETS,
  taps: ON_LOOPBACK,
  vendorKeys: WITH_SOCKETS,
  revocations: WITH_SOCKETS,
  clock: WITH_SOCKETS,
  clocks: ['in-process'],
  entropy: ['in-process'],
  seed: ['virtual'],
  onStarted: WITH_SOCKETS,
  foreignServer: WITH_SOCKETS,
};

/** And of a LAN. */
const OF_LAN: { readonly [K in keyof LanPlan]?: readonly RunKind[] } = {
  uplinkThrough: ON_LOOPBACK,
  foreignDevices: WITH_SOCKETS,
  foreignIntermediary: WITH_SOCKETS,
};

/**
 * Nothing that a topology is asked for is ignored.
 *
 * @throws PosternError `not-in-this-run`
 */
export const requirePossible = (run: RunKind, { sites, ...options }: TopologyOptions): void => {
  refuseOthers(run, options, OF_TOPOLOGY, '');
  for (const { plan } of placed(sites)) refuseOthers(run, plan, OF_LAN, ` of ${plan.name}`);
};

const refuseOthers = (
  run: RunKind,
  asked: object,
  have: Readonly<Record<string, readonly RunKind[] | undefined>>,
  whose: string,
): void => {
  for (const [name, value] of Object.entries(asked)) {
    const able = have[name];
    // `taps: false` asks for nothing.
    if (value === undefined || value === false || able === undefined || able.includes(run)) continue;
    refuse(`${name}${whose}`, run);
  }
};
