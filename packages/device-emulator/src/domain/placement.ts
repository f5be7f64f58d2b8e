import type { Instant } from '@postern/core';

/** The part of NV-RAM that says where the device was last. */
export interface PlacementMemory {
  readonly placement?: KnownPlacement;
}

export interface KnownPlacement {
  /** The intermediary that it belongs to. */
  readonly intermediary: string;
  /** Rises whenever that becomes another one. */
  readonly sequence: number;
}

/**
 * Where the device is now. A new place has a higher sequence than the old one, and than what a device had before a factory
 * reset: the seconds since 1970 see to that, where it has a clock.
 */
export const placementAt = (
  { placement }: PlacementMemory,
  intermediary: string,
  now: Instant,
): KnownPlacement => {
  if (placement?.intermediary === intermediary) return placement;
  const sequence = Math.max((placement?.sequence ?? 0) + 1, Math.floor(now / 1_000));
  return { intermediary, sequence };
};
