import { PosternError, silentLogger } from '@postern/core';
import { DEFAULT_POLICY } from '@postern/software-update';
import type { z } from 'zod';
import { belowStore } from '../../src/adapters/database/below-store.ts';
import { candidateStore } from '../../src/adapters/database/candidate-store.ts';
import { placementStore } from '../../src/adapters/database/placement-store.ts';
import { Adoption, type AdoptionOptions } from '../../src/domain/connections/adoption.ts';
import { ConnectionRequests } from '../../src/domain/connections/connection-requests.ts';
import { Contacts } from '../../src/domain/connections/contacts.ts';
import type { InspectDevice } from '../../src/domain/connections/inspect.ts';
import { deviceLink } from '../../src/domain/schemes/device-links.ts';
import { DeviceSearch } from '../../src/domain/search/device-search.ts';
import type { FindOnNetwork, ProbeAddress } from '../../src/domain/search/ports.ts';
import { searchSchema } from '../../src/domain/search/search-schema.ts';
import { afterThisTest } from './directory.ts';
import { type startProcess, UPDATER } from './process.ts';
import { deviceInformation } from './software.ts';

/** What there is to find. */
export interface SearchNetwork {
  readonly config?: z.input<typeof searchSchema>;
  readonly findOnNetwork?: FindOnNetwork;
  readonly probeAddress?: ProbeAddress;
}

const nobody: ProbeAddress = async () => {
  throw new PosternError('unreachable', 'Nobody');
};

type Process = Awaited<ReturnType<typeof startProcess>>;

/** Which devices belong to a site, on the stores of a process without a network. */
export const siteConnections = (
  { database, requests, updates, registered, scheduler, outgoing, clock }: Process,
  options: Partial<AdoptionOptions> = {},
  network: SearchNetwork = {},
) => {
  const candidates = candidateStore(database);
  const contacts = new Contacts(clock);
  const inspectDevice: InspectDevice =
    options.inspectDevice ?? (async (deviceId) => deviceInformation(deviceId));
  const exchangeTimeout = DEFAULT_POLICY.exchangeTimeout;
  const below = belowStore(database);
  const placements = placementStore(database);
  const places = { below, placements };
  const sources = { devices: registered, candidates, contacts, ...places, clock, logger: silentLogger };
  const adoption = new Adoption({
    ...{ ...sources, requests, updates, scheduler, outgoing, inspectDevice, exchangeTimeout },
    linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
    mode: 'automatic',
    mostCandidates: 3,
    registrations: { burst: 5, interval: DEFAULT_POLICY.retryPause },
    name: UPDATER,
    ...options,
  });
  const search = new DeviceSearch({
    ...{ ...sources, adoption, inspectDevice, exchangeTimeout },
    config: searchSchema.parse(network.config),
    findOnNetwork: network.findOnNetwork ?? (async () => ({ leads: [], ignored: 0 })),
    probeAddress: network.probeAddress ?? nobody,
  });
  const connections = new ConnectionRequests({
    ...{ ...sources, requests, adoption, search },
    onAnswer: (requestId, body) => {
      requests.answer(requestId, clock.now(), body);
      outgoing.answered(requestId);
    },
  });
  afterThisTest(async () => {
    await search.close();
    await connections.close();
  });
  return { candidates, contacts, ...places, adoption, search, connections };
};
