import { errorCode, errorMessage, type Instant, type Logger } from '@postern/core';
import { type PlacementTrust, verifyPlacement } from './placement.ts';

/** A device's word on where it is, as it is kept and passed on. */
export interface PlacementRecord {
  readonly signed: Uint8Array;
  readonly sequence: number;
}

/** Who believes. */
export interface PlacementBelief {
  /** Absent where no device's word is believed. */
  readonly trust: PlacementTrust | undefined;
  readonly now: Instant;
  readonly logger: Logger;
}

/**
 * A device's word for the place where it is said to be; undefined where there is none that can be believed, which then
 * counts as none. One that is held already is not verified again.
 *
 * @param told what is told of the device: its name, the intermediary it registers with, and its word, if any
 */
export const believePlacement = (
  { trust, now, logger }: PlacementBelief,
  held: PlacementRecord | undefined,
  { deviceId, place, signed }: { deviceId: string; place: string; signed: Uint8Array | undefined },
): PlacementRecord | undefined => {
  if (signed === undefined || trust === undefined) return undefined;
  if (held !== undefined && Buffer.compare(held.signed, signed) === 0) return held;
  try {
    const placement = verifyPlacement(signed, trust, now);
    if (placement.deviceId === deviceId && placement.intermediary === place) {
      return { signed, sequence: placement.sequence };
    }
    logger.warn('The word of a device is for another place', { device: deviceId, place, ...placement });
  } catch (error) {
    const code = errorCode(error, 'internal-error');
    logger.warn('The word of a device on where it is is not believed', {
      device: deviceId,
      code,
      reason: errorMessage(error),
    });
  }
  return undefined;
};
