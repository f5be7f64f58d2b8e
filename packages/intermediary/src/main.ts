import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { type Clock, type Entropy, type Logger, Milliseconds, randomId } from '@postern/core';
import { clientTlsOptions, openNodeIdentity } from '@postern/pki';
import { trustVendorKeys } from '@postern/software-update';
import { createImageStore, lockDirectory } from '@postern/storage';
import { Agent } from 'undici';
import { deviceStore } from './adapters/database/device-store.ts';
import { openIntermediaryDatabase } from './adapters/database/open.ts';
import { requestStore } from './adapters/database/request-store.ts';
import { updateStore } from './adapters/database/update-store.ts';
import { deviceClient, passThrough } from './adapters/device/device-client.ts';
import { soapSecurePath } from './adapters/device/secure-path.ts';
import { forgetting } from './adapters/forgetting.ts';
import { imageDownload } from './adapters/images/image-download.ts';
import { siteImages } from './adapters/images/site-images.ts';
import { noticeListener, secureListener } from './adapters/listeners.ts';
import { openUplink } from './adapters/uplink.ts';
import { type IntermediaryConfig, sitePolicy } from './config.ts';
import { Notices } from './domain/notices.ts';
import { DeviceRequests } from './domain/requests/device-requests.ts';
import { Inbox } from './domain/requests/inbox.ts';
import { followMoves } from './domain/updates/follow-moves.ts';
import { UpdateScheduler } from './domain/updates/scheduler.ts';
import { Outgoing } from './domain/uplink/outgoing.ts';
import { runUplink } from './domain/uplink/uplink-loop.ts';

/** What a process gives an intermediary. */
export interface Surroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** A running intermediary. */
export interface Intermediary {
  readonly name: string;
  /** Where devices call over mutual TLS. */
  readonly securePort: number;
  /** Where devices notify their start without TLS. */
  readonly noticePort: number;
  /** Stops where it is; everything unfinished goes on with the next start. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts an intermediary: goes on with what an earlier process left, listens for devices, calls out to the server.
 *
 * @throws PosternError of pki, storage or the listeners: the identity, the data directory or a port is not to be had
 * @spec T5 X6
 */
export const startIntermediary = async (
  config: IntermediaryConfig,
  { clock, entropy, logger }: Surroundings,
): Promise<Intermediary> => {
  const ending = closers();
  try {
    return await compose(config, { clock, entropy, logger }, ending);
  } catch (error) {
    await ending.close();
    throw error;
  }
};

const compose = async (
  config: IntermediaryConfig,
  { clock, entropy, logger }: Surroundings,
  ending: Closers,
): Promise<Intermediary> => {
  const node = await openNodeIdentity({ directory: config.identityDir, clock });
  const { name } = node.identity;
  const vendorKeys = trustVendorKeys(
    await Promise.all(config.vendorKeyFiles.map((path) => readFile(path, 'utf8'))),
  );
  const lock = await lockDirectory(config.dataDir);
  ending.add(() => lock.release());

  const database = await openIntermediaryDatabase(join(config.dataDir, 'intermediary.db'), logger);
  const forget = forgetting(database, clock, logger);
  ending.add(() => database.close());
  ending.add(() => forget.now());
  const requests = requestStore(database);
  const updates = updateStore(database, requests);
  const devices = deviceStore(database);

  const policy = sitePolicy(config);
  const outgoing = new Outgoing(requests, devices, clock);
  ending.add(() => outgoing.stop());

  const origin = new URL(config.uplink.url).origin;
  const imageAgent = new Agent({
    connections: 2,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: clientTlsOptions(node, {
      expect: { role: 'server', name: config.uplink.serverName },
    }) as Agent.Options['connect'],
  } as Agent.Options);
  ending.add(() => imageAgent.destroy());
  const images = siteImages({
    store: await createImageStore({
      directory: join(config.dataDir, 'images'),
      clock,
      maxBytes: config.cacheBytes,
    }),
    download: imageDownload(imageAgent, origin),
    clock,
    needed: () => scheduler.neededImages(),
  });

  const client = deviceClient({ devices, node, clock });
  const securePath = soapSecurePath({ client, devices, clock, entropy });
  const bulkPath = ftpBulkPath({ clock, logger });
  const scheduler = new UpdateScheduler({
    store: updates,
    concurrency: config.concurrency,
    clock,
    logger,
    portsFor: (update, onProgress) => ({
      entropy,
      logger,
      securePath,
      images: images.sourceFor(onProgress),
      bulkPath: followMoves(bulkPath, update),
    }),
    onNews: (jobId, news) => outgoing.notices.tell(jobId, news),
    onDecided: (jobId) => outgoing.answered(jobId),
    onForgotten: () => forget.soon(),
  });
  ending.add(() => scheduler.close());

  const deviceRequests = new DeviceRequests({
    call: passThrough(client),
    onAnswer: (requestId, body) => inbox.answer(requestId, body),
    clock,
    logger,
    exchangeTimeout: policy.exchangeTimeout,
    concurrency: config.concurrency,
  });
  ending.add(() => deviceRequests.close());
  const inbox = new Inbox({
    requests,
    updates,
    devices,
    scheduler,
    deviceRequests,
    outgoing,
    clock,
    logger,
    name,
    vendorKeys,
    policy,
    mostOpenRequests: config.mostOpenRequests,
    mostUpdatesPerDevice: config.mostUpdatesPerDevice,
  });

  const notices = new Notices({
    devices,
    scheduler,
    outgoing,
    clock,
    logger,
    name,
    unprovedLimit: config.unprovedStarts,
  });
  const secure = await secureListener({ ...config.secure, node, notices, clock, logger });
  ending.add(() => secure.close());
  const notice = await noticeListener({ ...config.notice, notices, clock, logger });
  ending.add(() => notice.close());

  inbox.recover();
  scheduler.recover((jobId) => requests.response(jobId) !== undefined);

  const { uplink } = config;
  const server = openUplink({
    url: uplink.url,
    serverName: uplink.serverName,
    node,
    clock,
    longestExchange: Milliseconds(uplink.hold + uplink.exchangeTimeout),
  });
  const calling = new AbortController();
  const called = runUplink(
    {
      poll: server.poll,
      outgoing,
      onAnswer: (answer) => inbox.take(answer),
      capacity: () => inbox.capacity,
      sessionId: randomId(entropy),
      hold: uplink.hold,
      exchangeTimeout: uplink.exchangeTimeout,
      pacing: uplink,
      clock,
      entropy,
      logger,
    },
    calling.signal,
  );
  ending.add(async () => {
    calling.abort();
    await server.close();
    await called;
  });

  logger.info('The intermediary is ready', { name, securePort: secure.port, noticePort: notice.port });
  return { name, securePort: secure.port, noticePort: notice.port, close: () => ending.close() };
};

interface Closers {
  add(close: () => void | Promise<void>): void;
  close(): Promise<void>;
}

/** Undoes what was started, last first, once; goes on when something fails, and fails with that in the end. */
const closers = (): Closers => {
  const all: (() => void | Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of all.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (close) => all.push(close),
    close: () => {
      closed ??= run();
      return closed;
    },
  };
};
