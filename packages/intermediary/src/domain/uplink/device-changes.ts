import type { uplink } from '@postern/contracts';
import { MOST_PART_BYTES, sizeOfDevice } from './wire-size.ts';

/** Devices told of in one exchange. */
const MOST_DEVICES = 200;

/** A device as the node above is told of it. */
export interface ToldDevice {
  /** Of the list, at which it changed last. */
  readonly revision: number;
  readonly change: uplink.DeviceChange;
}

/** What there is to tell of devices. */
export interface DeviceList {
  /** Of the whole list; 0 while it is empty. */
  revision(): number;
  /** What changed after `revision`, oldest change first. */
  changedSince(revision: number, limit: number): readonly ToldDevice[];
  /** All intermediaries below; undefined where nobody may be. */
  intermediaries(): readonly uplink.IntermediaryBelow[] | undefined;
}

/** Keeps the server's list of this site's devices in step with ours, by revision. */
export class DeviceChanges {
  readonly #devices: DeviceList;
  /** The revision the server has; undefined until it has said so. */
  #known: number | undefined;

  constructor(devices: DeviceList) {
    this.#devices = devices;
  }

  /** There is something to tell, or we do not know yet. */
  get due(): boolean {
    return this.#known === undefined || this.#known !== this.#devices.revision();
  }

  /** What the server lacks. A server that is ahead of us has a list of an earlier life: it is given the whole one. */
  compose(): uplink.DeviceChanges | undefined {
    if (this.#known === undefined || !this.due) return undefined;
    const complete = this.#known === 0 || this.#known > this.#devices.revision();
    const since = complete ? 0 : this.#known;
    const changed = this.#devices.changedSince(since, MOST_DEVICES + 1);
    const told = changed.slice(0, Math.min(MOST_DEVICES, countFitting(changed)));
    const more = changed.length > told.length;
    const last = more ? told.at(-1)?.revision : undefined;
    const intermediary = this.#devices.intermediaries();
    return {
      // A change that is no device's moves the revision, too.
      revision: last ?? this.#devices.revision(),
      complete,
      device: told.map(({ change }) => change),
      ...(intermediary === undefined ? {} : { intermediaries: { intermediary } }),
      ...(complete ? {} : { since }),
      ...(more ? { more } : {}),
    };
  }

  /**
   * The server answered.
   *
   * @param told what this exchange had told
   * @returns false when the server did not take what it was told
   */
  answered(devicesRevision: number | undefined, told: uplink.DeviceChanges | undefined): boolean {
    this.#known = devicesRevision ?? told?.revision ?? this.#known ?? 0;
    return told === undefined || this.#known === told.revision;
  }
}

/** How many of them go up in one exchange; one always goes. */
const countFitting = (changed: readonly ToldDevice[]): number => {
  let left = MOST_PART_BYTES;
  const beyond = changed.findIndex(({ change }) => {
    left -= sizeOfDevice(change);
    return left < 0;
  });
  return beyond === -1 ? changed.length : Math.max(beyond, 1);
};
