import type { uplink } from '@postern/contracts';
import { routeMistake } from '@postern/soap-rpc';
import { intermediaryError } from '../../errors.ts';
import type { BelowStore, PlacementStore } from './ports.ts';

/** Where a request goes on to: an intermediary below, and the way that is left from there. */
export interface Onward {
  readonly child: string;
  readonly rest: readonly string[];
}

export interface WayParts {
  /** This intermediary's name. */
  readonly name: string;
  readonly below: Pick<BelowStore, 'device' | 'node' | 'children'>;
  readonly placements: Pick<PlacementStore, 'isAway'>;
  /** Whether a device is registered here. */
  readonly isOwn: (deviceId: string) => boolean;
  /** Whether a device was found here, and waits to be adopted. */
  readonly isFound: (deviceId: string) => boolean;
}

/**
 * The way of a request that came down. What is known here of its target is newer than the route that it brings: a device
 * may have moved since. `Activate` goes where its route says: whom it takes up there may be known elsewhere still.
 *
 * @returns undefined for what is to be done here
 * @throws PosternError `route-loop`, `route-too-long`, `route-unknown`; `device-moved` for a device of this site that has
 *   moved to where nobody here knows
 * @spec T2
 */
export const wayTo = (
  { name, below, placements, isOwn, isFound }: WayParts,
  { target, route, body }: Pick<uplink.Request, 'target' | 'route' | 'body'>,
): Onward | undefined => {
  const told = route?.node ?? [];
  const mistake = routeMistake(name, told);
  if (mistake !== undefined) throw intermediaryError(mistake, `The route ${told.join(' → ')} leads nowhere`);
  const isAway = placements.isAway(target);
  const goesAsTold = body.kind === 'Activate' && (told.length > 0 || isFound(target));
  if (!goesAsTold && (target === name || (isOwn(target) && !isAway))) return undefined;
  const [child, ...rest] = (goesAsTold ? undefined : knownRoute(below, target)) ?? told;
  if (child === undefined) {
    if (isAway && !goesAsTold)
      throw intermediaryError('device-moved', `${target} has moved away from ${name}`);
    return undefined;
  }
  if (below.children().includes(child)) return { child, rest };
  throw intermediaryError('route-unknown', `No intermediary ${child} has called here`);
};

const knownRoute = (below: WayParts['below'], target: string): readonly string[] | undefined => {
  const device = below.device(target);
  return device?.gone === false ? device.route : below.node(target)?.route;
};
