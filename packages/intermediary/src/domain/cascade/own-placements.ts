import type { Clock, Logger } from '@postern/core';
import { believePlacement, type PlacementTrust } from '@postern/pki';
import { intermediaryError } from '../../errors.ts';
import type { PassingRequests } from './passing-requests.ts';
import type { BelowStore, PlacementStore } from './ports.ts';

export interface OwnPlacementsOptions {
  /** This intermediary's name. */
  readonly name: string;
  readonly placements: PlacementStore;
  readonly below: Pick<BelowStore, 'device' | 'forget'>;
  readonly passing: Pick<PassingRequests, 'follow'>;
  /** Absent where no device's word is believed. */
  readonly trust: PlacementTrust | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Where the site's own devices are: what they say of it when they register, which goes up with the list of devices.
 *
 * @spec T2
 */
export class OwnPlacements {
  readonly #options: OwnPlacementsOptions;

  constructor(options: OwnPlacementsOptions) {
    this.#options = options;
  }

  /**
   * For a device that proves nothing: what it says must not take the name from somebody below.
   *
   * @throws PosternError `device-foreign`
   */
  requireFree(deviceId: string): void {
    if (this.#options.below.device(deviceId)?.gone !== false) return;
    throw intermediaryError('device-foreign', `The name ${deviceId} belongs to a device below`);
  }

  /**
   * A device has registered. It is here, whatever was told of it before.
   *
   * @param signed its word on where it is, if it gives one
   */
  registered(deviceId: string, signed: Uint8Array | undefined): void {
    const { name, placements, below, passing, trust, clock, logger } = this.#options;
    const held = placements.find(deviceId);
    const told = { deviceId, place: name, signed };
    const word = believePlacement({ trust, now: clock.now(), logger }, held, told);
    // An older word than one that is known already is no news.
    if (word !== undefined && word.sequence > (held?.sequence ?? 0)) placements.save(deviceId, word);
    if (placements.isAway(deviceId)) placements.setAway(deviceId, false);
    if (below.device(deviceId)?.gone !== false) return;
    below.forget(deviceId);
    passing.follow(deviceId, undefined)();
  }
}
