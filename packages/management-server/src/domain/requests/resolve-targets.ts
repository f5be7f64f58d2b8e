import { type Addressee, REQUEST_TRAITS, type RemoteRequestKind } from '@postern/contracts';
import { serverError } from '../../errors.ts';
import type { DeviceSelector, Stores } from '../ports.ts';
import type { DeviceRecord } from '../records.ts';

/** Whom an order is for: devices or intermediaries by name, or all devices of which something is true. */
export type Targets = readonly string[] | DeviceSelector;

/** Most targets of one order. */
export const MOST_TARGETS = 1_000;

/** A target, and the intermediary that polls for it. */
export interface ResolvedTarget {
  readonly target: string;
  readonly intermediary: string;
  /** Where it is to be done, if that is not where the target is reported. */
  readonly at?: string;
}

export interface TargetDirectory {
  readonly stores: Pick<Stores, 'devices'>;
  /** The intermediary that polls for this one, which may be itself; undefined when there is no intermediary of this name. */
  readonly pollsFor: (intermediary: string) => string | undefined;
}

/**
 * Finds the targets of an order and refuses the whole of it when one of them is wrong.
 *
 * @param at the intermediary that is to take devices up which nobody reports yet, or no more: those that it has found
 * @throws PosternError `device-unknown`, `intermediary-unknown`, `target-unsuitable`, `device-not-active`,
 *   `too-many-targets`, `selection-empty`, `request-invalid`
 * @spec I1 I2
 */
export const resolveTargets = (
  directory: TargetDirectory,
  kind: RemoteRequestKind,
  targets: Targets,
  at?: string,
): readonly ResolvedTarget[] => {
  if (at !== undefined) return resolveAt(directory, kind, targets, at);
  if (!isList(targets)) return select(directory, kind, targets);
  if (new Set(targets).size < targets.length) {
    throw serverError('request-invalid', 'targets: one of them is named twice');
  }
  return targets.map((target) => resolve(directory, kind, target));
};

/** Whether the site has found such a device only the site can tell. */
const resolveAt = (
  { pollsFor }: TargetDirectory,
  kind: RemoteRequestKind,
  targets: Targets,
  at: string,
): readonly ResolvedTarget[] => {
  if (kind !== 'Activate' || !isList(targets)) {
    throw serverError('request-invalid', 'at: goes with Activate and the names of devices only');
  }
  if (new Set(targets).size < targets.length) {
    throw serverError('request-invalid', 'targets: one of them is named twice');
  }
  const intermediary = pollsFor(at);
  if (intermediary === undefined) {
    throw serverError('intermediary-unknown', `There is no intermediary ${at}`);
  }
  for (const target of targets) {
    if (pollsFor(target) === undefined) continue;
    throw serverError('target-unsuitable', `${target} is an intermediary, no device`);
  }
  return targets.map((target) => ({ target, intermediary, at }));
};

const isList = (targets: Targets): targets is readonly string[] => Array.isArray(targets);

const select = (
  { stores }: TargetDirectory,
  kind: RemoteRequestKind,
  selector: DeviceSelector,
): readonly ResolvedTarget[] => {
  if (REQUEST_TRAITS[kind].addressee === 'intermediary') {
    throw serverError('target-unsuitable', `${kind} is for intermediaries; a selection has devices only`);
  }
  const devices = stores.devices.select(selector, MOST_TARGETS + 1);
  if (devices.length === 0) throw serverError('selection-empty', 'No device is like that');
  if (devices.length > MOST_TARGETS) {
    throw serverError('too-many-targets', `The selection has more than ${MOST_TARGETS} devices`);
  }
  return devices.map(targetOf);
};

const targetOf = ({ information, intermediary }: DeviceRecord): ResolvedTarget => ({
  target: information.deviceId,
  intermediary,
});

const resolve = (directory: TargetDirectory, kind: RemoteRequestKind, target: string): ResolvedTarget => {
  const { addressee }: { readonly addressee: Addressee } = REQUEST_TRAITS[kind];
  const intermediary = directory.pollsFor(target);
  if (intermediary !== undefined && addressee !== 'device') return { target, intermediary };
  const device = directory.stores.devices.find(target);
  if (device !== undefined && addressee !== 'intermediary') return targetOf(reachable(kind, device));
  if (device !== undefined || intermediary !== undefined) {
    throw serverError('target-unsuitable', `${kind} is not for ${target}`);
  }
  if (addressee === 'intermediary') {
    throw serverError('intermediary-unknown', `There is no intermediary ${target}`);
  }
  throw serverError('device-unknown', `No intermediary reports a device ${target}`);
};

/** A released device is asked for nothing but to be taken up again; it need not be there for that. */
const reachable = (kind: RemoteRequestKind, device: DeviceRecord): DeviceRecord => {
  if (kind === 'Activate') return device;
  const { deviceId } = device.information;
  if (!device.present) throw serverError('device-unknown', `No intermediary reports a device ${deviceId}`);
  if (device.active === false) {
    throw serverError('device-not-active', `${deviceId} is not adopted, or was released`);
  }
  return device;
};
