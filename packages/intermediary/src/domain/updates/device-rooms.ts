import type { Entropy } from '@postern/core';
import { ErasureNotices } from './erasure-notices.ts';
import { PasswordArrivals } from './password-arrivals.ts';

/**
 * Where what devices send on their own accord meets an update that waits for it: the listener is on the one side, the
 * secure path on the other.
 */
export interface DeviceRooms {
  readonly arrivals: PasswordArrivals;
  readonly erasures: ErasureNotices;
}

export const deviceRooms = (entropy: Entropy): DeviceRooms => ({
  arrivals: new PasswordArrivals(entropy),
  erasures: new ErasureNotices(),
});
