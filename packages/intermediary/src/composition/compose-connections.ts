import type { Closers, Duration } from '@postern/core';
import { Adoption } from '../domain/connections/adoption.ts';
import { AliveChecks } from '../domain/connections/alive-checks.ts';
import {
  ConnectionRequests,
  type ConnectionRequestsOptions,
} from '../domain/connections/connection-requests.ts';
import type { Contacts } from '../domain/connections/contacts.ts';
import type { DeviceLink } from '../domain/schemes/device-links.ts';
import { DeviceSearch } from '../domain/search/device-search.ts';
import { PeriodicSearch } from '../domain/search/periodic-search.ts';
import type { UpdateScheduler } from '../domain/updates/scheduler.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import { intermediaryError } from '../errors.ts';
import type { IntermediaryParts, SearchOutside } from './parts.ts';

export interface ConnectionParts extends Pick<ConnectionRequestsOptions, 'onAnswer'> {
  readonly contacts: Contacts;
  readonly scheduler: UpdateScheduler;
  readonly outgoing: Outgoing;
  readonly linkOf: (deviceId: string) => DeviceLink;
  readonly exchangeTimeout: Duration;
}

/** Which devices belong to the site, how they are searched for, and whether they are there. */
export interface Connections {
  readonly adoption: Adoption;
  readonly search: DeviceSearch;
  readonly connections: ConnectionRequests;
  /** Begins what is done by itself. */
  readonly begin: () => void;
}

/** @spec I3 */
export const composeConnections = (
  { config, name, stores, outside, clock, logger }: IntermediaryParts,
  { contacts, scheduler, outgoing, linkOf, exchangeTimeout, onAnswer }: ConnectionParts,
  ending: Closers,
): Connections => {
  const { devices, candidates, below, placements, requests, updates } = stores;
  const sources = { devices, candidates, below, placements, contacts, clock, logger };
  const inspecting = { inspectDevice: outside.inspectDevice, exchangeTimeout };
  const adoption = new Adoption({
    ...{ ...sources, ...inspecting, requests, updates, scheduler, outgoing, linkOf, name },
    mode: config.adoption,
    mostCandidates: config.mostCandidates,
    registrations: config.unprovedStarts,
  });
  const search = new DeviceSearch({
    ...{ ...sources, ...inspecting, ...(outside.search ?? NO_SEARCH), adoption },
    config: config.search,
  });
  const connections = new ConnectionRequests({ ...sources, requests, adoption, search, onAnswer });
  const periodic = new PeriodicSearch({ search, config: config.search, clock, logger });
  const { checkEvery: every } = config.connections;
  const alive = new AliveChecks({ ...sources, call: outside.callDevice, every, exchangeTimeout });
  ending.add(() => search.close());
  ending.add(() => connections.close());
  ending.add(() => alive.close());
  ending.add(() => periodic.close());
  return {
    adoption,
    search,
    connections,
    begin: () => {
      periodic.start();
      alive.start();
    },
  };
};

const unavailable = async (): Promise<never> => {
  throw intermediaryError('search-unavailable', 'This intermediary has no network to search in');
};

const NO_SEARCH: SearchOutside = { findOnNetwork: unavailable, probeAddress: unavailable };
