import { Slots } from '../slots.ts';

/**
 * One request at a time for each device, in the order in which they came: what was ordered first is done first, also
 * when it has to be tried again.
 */
export class DeviceLanes {
  readonly #lanes = new Map<string, { readonly slots: Slots; users: number }>();

  /** Runs `work` when it is its turn. @throws as {@link Slots.run} */
  async run<T>(deviceId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(deviceId) ?? { slots: new Slots(1), users: 0 };
    this.#lanes.set(deviceId, lane);
    lane.users += 1;
    try {
      return await lane.slots.run(signal, work);
    } finally {
      lane.users -= 1;
      if (lane.users === 0) this.#lanes.delete(deviceId);
    }
  }
}
