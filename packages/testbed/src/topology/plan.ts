import type { NodeIdentity } from '@postern/core';
import { testbedError } from '../errors.ts';
import type { LanOptions } from '../site/lan.ts';
import {
  deviceIdentity,
  type IntermediaryChoices,
  intermediaryIdentity,
  SERVER,
} from '../site/site-config.ts';
import type { ForeignIntermediary, ForeignListeners } from './foreign.ts';

/** One LAN of a topology: a site of Fig 1, or a part of one. */
export interface LanPlan {
  /** The intermediary's name. */
  readonly name: string;
  readonly devices?: LanOptions['devices'];
  /** The device that has the intermediary built in (Fig 1 C); one of `devices`. */
  readonly carrier?: string;
  /** LANs whose intermediaries have this one above them (Fig 1 B). */
  readonly below?: readonly LanPlan[];
  readonly intermediary?: IntermediaryChoices;
  readonly line?: LanOptions['line'];
  readonly uplinkThrough?: LanOptions['uplinkThrough'];
  /** Devices that are not ours to start; they get identities, and {@link RealTopology.foreign} says where they call. */
  readonly foreignDevices?: readonly string[];
  /** The intermediary is not ours: whoever starts it is told what it needs, and says where it listens. */
  readonly foreignIntermediary?: (part: ForeignIntermediary) => Promise<ForeignListeners>;
}

/** A LAN with what is above it. */
export interface PlacedLan {
  readonly plan: LanPlan;
  /** The LAN above; undefined: the management server is. */
  readonly above: string | undefined;
}

/** All LANs, each after the one above it. */
export const placed = (plans: readonly LanPlan[], above?: string): readonly PlacedLan[] =>
  plans.flatMap((plan) => [{ plan, above }, ...placed(plan.below ?? [], plan.name)]);

/**
 * Every node of the plans but the server.
 *
 * @throws PosternError `plan-invalid` for names that stand twice and carriers that are not there
 */
export const nodesOf = (lans: readonly PlacedLan[]): readonly NodeIdentity[] => {
  const nodes = lans.flatMap(({ plan }) => [
    intermediaryIdentity(plan.name),
    ...(plan.devices ?? []).map(({ id }) => deviceIdentity(id)),
    ...(plan.foreignDevices ?? []).map(deviceIdentity),
  ]);
  const names = nodes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw testbedError('plan-invalid', `Two nodes are called ${twice}`);
  for (const { plan } of lans) {
    const { carrier, devices = [] } = plan;
    if (carrier === undefined || devices.some(({ id }) => id === carrier)) continue;
    throw testbedError('plan-invalid', `${plan.name} has no device ${carrier} to be built into`);
  }
  return nodes;
};

/**
 * What the harness has not started it cannot stop, break or look into.
 *
 * @throws PosternError `not-ours` for a foreign device or intermediary
 */
export const requireOurs = (lans: readonly PlacedLan[], name: string): void => {
  const isForeign = lans.some(
    ({ plan: { name: lan, foreignDevices = [], foreignIntermediary } }) =>
      foreignDevices.includes(name) || (lan === name && foreignIntermediary !== undefined),
  );
  if (isForeign) throw notOurs(name);
};

/** @returns the error of whoever asks the harness for a foreign part */
export const notOurs = (name: string): Error =>
  testbedError('not-ours', `${name} is foreign: the test that has started it holds it`);

/** Who is above a LAN. */
export const identityAbove = (above: string | undefined): NodeIdentity =>
  above === undefined ? SERVER : intermediaryIdentity(above);

/** Who is above a node. */
export const aboveIn =
  (lans: readonly PlacedLan[]) =>
  (node: string): string | undefined => {
    const own = lans.find(({ plan }) => plan.name === node);
    if (own !== undefined) return own.above ?? SERVER.name;
    return lans.find(({ plan: { devices = [], foreignDevices = [] } }) =>
      [...devices.map(({ id }) => id), ...foreignDevices].includes(node),
    )?.plan.name;
  };
