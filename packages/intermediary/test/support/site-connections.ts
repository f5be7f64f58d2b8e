import { silentLogger } from '@postern/core';
import { DEFAULT_POLICY } from '@postern/software-update';
import { candidateStore } from '../../src/adapters/database/candidate-store.ts';
import { Adoption, type AdoptionOptions } from '../../src/domain/connections/adoption.ts';
import { ConnectionRequests } from '../../src/domain/connections/connection-requests.ts';
import { deviceLink } from '../../src/domain/schemes/device-links.ts';
import { afterThisTest } from './directory.ts';
import { type startProcess, UPDATER } from './process.ts';
import { deviceInformation } from './software.ts';

type Process = Awaited<ReturnType<typeof startProcess>>;

/** Which devices belong to a site, on the stores of a process without a network. */
export const siteConnections = (
  { database, requests, updates, registered, scheduler, outgoing, clock }: Process,
  options: Partial<AdoptionOptions> = {},
) => {
  const candidates = candidateStore(database);
  const adoption = new Adoption({
    ...{ devices: registered, candidates, requests, updates, scheduler, outgoing, clock },
    inspectDevice: async (deviceId) => deviceInformation(deviceId),
    linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
    mode: 'automatic',
    mostCandidates: 3,
    registrations: { burst: 5, interval: DEFAULT_POLICY.retryPause },
    exchangeTimeout: DEFAULT_POLICY.exchangeTimeout,
    name: UPDATER,
    logger: silentLogger,
    ...options,
  });
  const connections = new ConnectionRequests({
    adoption,
    onAnswer: (requestId, body) => {
      requests.answer(requestId, clock.now(), body);
      outgoing.answered(requestId);
    },
    clock,
    logger: silentLogger,
  });
  afterThisTest(() => connections.close());
  return { candidates, adoption, connections };
};
