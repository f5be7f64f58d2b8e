import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { BelowStore, DeviceBelow, PlacementStore } from '../cascade/ports.ts';
import type { DeviceStore, RegisteredDevice } from '../devices.ts';
import { eachDevice } from '../local/each-device.ts';
import type { Contacts } from './contacts.ts';
import type { Candidate, CandidateStore } from './ports.ts';

/** What the contract lists at most. */
const MOST_CONNECTIONS = 1_000;

export interface ConnectionSources {
  readonly devices: DeviceStore;
  readonly candidates: CandidateStore;
  readonly contacts: Contacts;
  readonly below: Pick<BelowStore, 'changedSince'>;
  readonly placements: Pick<PlacementStore, 'isAway'>;
}

/** Devices below that are read at a time. */
const PAGE = 500;

/**
 * The devices of the site with how each was heard of last, then those that were found and not adopted, then those of
 * intermediaries below. One that has moved away is listed where it is.
 *
 * @spec I3
 */
export const listConnections = ({
  devices,
  candidates,
  contacts,
  below,
  placements,
}: ConnectionSources): readonly device.Connection[] => [
  ...[...eachDevice(devices)]
    .filter(({ information }) => !placements.isAway(information.deviceId))
    .map((known) => registered(known, contacts))
    .sort((one, other) => one.deviceId.localeCompare(other.deviceId)),
  ...candidates.all().map(found),
  ...[...eachBelow(below)].filter(({ gone }) => !gone).map(reachedThrough),
];

/** As many of them as one answer carries. */
export const connectionsAnswer = (sources: ConnectionSources): device.GetConnectionsResponse => ({
  connection: listConnections(sources).slice(0, MOST_CONNECTIONS),
});

const registered = (
  { information: { deviceId }, address, lastContact, released }: RegisteredDevice,
  contacts: Contacts,
): device.Connection => {
  const { succeededAt = lastContact, silent = false } = contacts.of(deviceId) ?? {};
  return {
    deviceId,
    state: released ? 'released' : silent ? 'silent' : 'active',
    address,
    lastContact: Instant(Math.max(lastContact, succeededAt)),
  };
};

const found = ({ information: { deviceId }, address, foundAt }: Candidate): device.Connection => ({
  deviceId,
  state: 'found',
  address,
  lastContact: foundAt,
});

function* eachBelow(below: ConnectionSources['below']): Generator<DeviceBelow> {
  for (let revision = 0; ; ) {
    const page = below.changedSince(revision, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    revision = last.revision;
  }
}

/** How its exchanges go, its own intermediary knows. */
const reachedThrough = ({ information, route, active, lastContact }: DeviceBelow): device.Connection => ({
  deviceId: information.deviceId,
  state: active ? 'active' : 'released',
  ...(lastContact === undefined ? {} : { lastContact }),
  below: route[0],
});
