import type { Clock } from '@postern/core';
import { type EnrolledNode, signPlacement } from '@postern/pki';
import type { DeviceMemory } from '../adapters/flash/nv-ram.ts';
import { placementAt } from '../domain/placement.ts';

/**
 * Where the device is, signed with the key of its certificate: so that its name follows it to another intermediary. The
 * sequence that tells a later place from an earlier one is kept before it is told.
 *
 * @spec T2
 */
export const signedPlacement = async (
  intermediary: string,
  node: EnrolledNode,
  { nvRam, clock }: { readonly nvRam: DeviceMemory; readonly clock: Clock },
): Promise<Uint8Array> => {
  const placement = placementAt(nvRam.content, intermediary, clock.now());
  if (placement !== nvRam.content.placement) await nvRam.update((content) => ({ ...content, placement }));
  return signPlacement(placement, node);
};
