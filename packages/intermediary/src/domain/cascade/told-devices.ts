import type { uplink } from '@postern/contracts';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';
import type { DeviceList, ToldDevice } from '../uplink/device-changes.ts';
import type { BelowStore, PlacementStore } from './ports.ts';

export interface ToldDevicesParts {
  readonly devices: Pick<DeviceStore, 'revision' | 'changedSince'>;
  readonly below: Pick<BelowStore, 'changedSince' | 'nodes'>;
  readonly placements: Pick<PlacementStore, 'find' | 'isAway'>;
  /** Whether others may be below this intermediary. */
  readonly servesOthers: boolean;
}

/**
 * The list of devices as the node above is told of it: the site's own and those below, in the order in which they changed.
 *
 * @spec T2
 */
export const toldDevices = ({ devices, below, placements, servesOthers }: ToldDevicesParts): DeviceList => ({
  revision: () => devices.revision(),
  changedSince: (revision, limit) =>
    [
      ...devices.changedSince(revision, limit).map((device) => ownDevice(device, placements)),
      ...below.changedSince(revision, limit).map((device) => deviceBelow(device, placements)),
    ]
      .sort((left, right) => left.revision - right.revision)
      .slice(0, limit),
  intermediaries: servesOthers ? () => below.nodes().map(nodeBelow) : () => undefined,
});

const word = (placements: Pick<PlacementStore, 'find'>, deviceId: string) => {
  const placement = placements.find(deviceId)?.signed;
  return placement === undefined ? {} : { placement };
};

/** A device that was released, or has moved away, is no longer here: its name is free for another site. */
const ownDevice = (
  { information, lastContact, released, revision }: RegisteredDevice,
  placements: ToldDevicesParts['placements'],
): ToldDevice => {
  const { deviceId } = information;
  const isAway = placements.isAway(deviceId);
  const gone = released || isAway;
  return {
    revision,
    change: {
      information,
      lastContact,
      active: !released,
      ...(isAway ? {} : word(placements, deviceId)),
      ...(gone ? { gone } : {}),
    },
  };
};

const deviceBelow = (
  { information, lastContact, route, active, gone, revision }: ReturnType<BelowStore['changedSince']>[number],
  placements: ToldDevicesParts['placements'],
): ToldDevice => ({
  revision,
  change: {
    information,
    ...(lastContact === undefined ? {} : { lastContact }),
    route: { node: route },
    active,
    ...(gone ? { gone } : word(placements, information.deviceId)),
  },
});

const nodeBelow = ({
  name,
  route,
  lastContact,
}: ReturnType<BelowStore['nodes']>[number]): uplink.IntermediaryBelow => ({
  name,
  route: { node: route },
  ...(lastContact === undefined ? {} : { lastContact }),
});
