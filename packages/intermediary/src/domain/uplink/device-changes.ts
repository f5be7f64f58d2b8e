import type { uplink } from '@postern/contracts';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';

/** Devices told of in one exchange. */
const MOST_DEVICES = 200;

/** Keeps the server's list of this site's devices in step with ours, by revision. */
export class DeviceChanges {
  readonly #devices: DeviceStore;
  /** The revision the server has; undefined until it has said so. */
  #known: number | undefined;

  constructor(devices: DeviceStore) {
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
    const changed = this.#devices.changedSince(complete ? 0 : this.#known, MOST_DEVICES);
    return {
      revision: changed.at(-1)?.revision ?? this.#devices.revision(),
      complete,
      device: changed.map(deviceChange),
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

/** A device that was released is no longer below: its name is free for another site. */
const deviceChange = ({ information, lastContact, released }: RegisteredDevice): uplink.DeviceChange => ({
  information,
  lastContact,
  active: !released,
  ...(released ? { gone: true } : {}),
});
