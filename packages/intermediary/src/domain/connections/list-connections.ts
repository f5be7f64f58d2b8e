import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
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
}

/**
 * The devices of the site with how each was heard of last, then those that were found and not adopted.
 *
 * @spec I3
 */
export const listConnections = ({
  devices,
  candidates,
  contacts,
}: ConnectionSources): readonly device.Connection[] => [
  ...[...eachDevice(devices)]
    .map((known) => registered(known, contacts))
    .sort((one, other) => one.deviceId.localeCompare(other.deviceId)),
  ...candidates.all().map(found),
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
