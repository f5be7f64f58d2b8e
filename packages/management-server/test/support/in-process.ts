import { type UplinkOperations, type uplink, uplinkContract } from '@postern/contracts';
import { Seconds } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { createServiceTransport, createSoapClientOver, HeldPolls, type SoapClient } from '@postern/soap-rpc';
import { openStores, type SqliteStores } from '../../src/adapters/sqlite/stores.ts';
import { createUplinkService } from '../../src/adapters/uplink/uplink-service.ts';
import { composeDomain, type Domain } from '../../src/compose.ts';
import { parseServerConfig, type ServerConfigInput } from '../../src/config.ts';
import type { PostMail } from '../../src/domain/mail/mail-outbox.ts';
import { temporaryDirectory } from './directory.ts';
import { until } from './until.ts';
import { poll } from './world.ts';

/** The rules and the uplink service on a database of their own, without network, TLS or REST. */
export interface InProcess {
  readonly clock: VirtualClock;
  readonly domain: Domain;
  readonly stores: SqliteStores;
  readonly logger: ReturnType<typeof memoryLogger>;
  /** The steps that were told, e.g. `S602 <request>`. */
  readonly steps: string[];
  /** Polls as an intermediary; what is absent brings nothing and is answered at once. */
  poll(intermediary: string, changes?: Partial<uplink.Poll>): Promise<uplink.PollResponse>;
  client(intermediary: string): SoapClient<UplinkOperations>;
  /** Until a poll is held. */
  heldPoll(): Promise<void>;
  /** What a crash leaves: a new domain on what is on the disk, configured otherwise if anything is given. */
  restart(changes?: Partial<ServerConfigInput>): Promise<void>;
  close(): Promise<void>;
}

export const createInProcess = async (
  limits: ServerConfigInput['limits'] = {},
  config: Partial<ServerConfigInput> = {},
  postMail?: PostMail,
): Promise<InProcess> => {
  const home = await temporaryDirectory();
  const clock = new VirtualClock();
  const logger = memoryLogger();
  const entropy = seededEntropy(1);
  const steps: string[] = [];
  const start = async (changes: Partial<ServerConfigInput>) => {
    const stores = await openStores(home.path, logger);
    const domain = composeDomain({
      config: parseServerConfig({ dataDir: home.path, identityDir: home.path, limits, ...changes }),
      postMail,
      stores,
      images: { stat: async () => undefined },
      vendorTrust: { sequence: 0, threshold: 1, keys: new Map() },
      timeKey: { sign: () => new Uint8Array() },
      clock,
      entropy,
      logger,
      onStep: (step, subject) => steps.push(`${step} ${subject}`),
    });
    const held = new HeldPolls(clock, 10);
    domain.waiting.onWaiting((intermediary) => held.end(intermediary));
    const service = createUplinkService({
      ...domain,
      held,
      logger,
      holdAtMost: Seconds(60),
      nextPoll: Seconds(1),
    });
    domain.mailOutbox?.begin();
    return { stores, domain, service };
  };
  let running = await start(config);
  const client = (name: string) => {
    const transport = createServiceTransport(running.service, { peer: { role: 'intermediary', name } });
    return createSoapClientOver(uplinkContract, { transport, clock });
  };
  const stop = async () => {
    await running.domain.mailOutbox?.close();
    running.domain.close();
    running.stores.close();
  };
  return {
    clock,
    get domain() {
      return running.domain;
    },
    get stores() {
      return running.stores;
    },
    logger,
    steps,
    poll: (intermediary, changes = {}) => client(intermediary).call('Poll', poll(changes)),
    client,
    heldPoll: () => until('a held poll', () => logger.lines.some(({ message }) => message === 'poll held')),
    restart: async (changes = config) => {
      await stop();
      running = await start(changes);
    },
    close: async () => {
      await stop();
      await home.remove();
    },
  };
};
