import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ftpBulkPath } from '@postern/bulk-transfer';
import {
  type Clock,
  type Closers,
  createClosers,
  type Entropy,
  type Logger,
  Milliseconds,
  randomId,
} from '@postern/core';
import { type EnrolledNode, openNodeIdentity } from '@postern/pki';
import { pinVendorKeys } from '@postern/software-update';
import { createImageStore, type ImageStore, lockDirectory } from '@postern/storage';
import { deviceStore } from './adapters/database/device-store.ts';
import { openIntermediaryDatabase } from './adapters/database/open.ts';
import { requestStore } from './adapters/database/request-store.ts';
import { updateStore } from './adapters/database/update-store.ts';
import { deviceClient, passThrough } from './adapters/device/device-client.ts';
import { soapSecurePath } from './adapters/device/secure-path.ts';
import { forgetting } from './adapters/forgetting.ts';
import { siteImages } from './adapters/images/site-images.ts';
import { noticeListener, secureListener } from './adapters/listeners.ts';
import { openImageDownload, openUplink } from './adapters/uplink.ts';
import { type IntermediaryConfig, sitePolicy } from './config.ts';
import type { DeviceStore } from './domain/devices.ts';
import { Notices } from './domain/notices.ts';
import { DeviceRequests } from './domain/requests/device-requests.ts';
import { Inbox } from './domain/requests/inbox.ts';
import type { RequestStore } from './domain/requests/ports.ts';
import { followMoves } from './domain/updates/follow-moves.ts';
import type { UpdateStore } from './domain/updates/ports.ts';
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
  surroundings: Surroundings,
): Promise<Intermediary> => {
  const ending = createClosers();
  try {
    const node = await openNodeIdentity({ directory: config.identityDir, clock: surroundings.clock });
    const site: Site = { ...surroundings, config, node, ending };
    const stores = await openStores(site);
    const updating = await startUpdating(site, stores);
    const ports = await listenForDevices(site, stores, updating);
    callOut(site, updating);
    const { name } = node.identity;
    surroundings.logger.info('The intermediary is ready', { site: name, ...ports });
    return { name, ...ports, close: () => ending.close() };
  } catch (error) {
    await ending.close();
    throw error;
  }
};

/** What all parts are built from. */
interface Site extends Surroundings {
  readonly config: IntermediaryConfig;
  readonly node: EnrolledNode;
  /** Each part that is started adds how to stop it. */
  readonly ending: Closers;
}

interface Stores {
  readonly requests: RequestStore;
  readonly updates: UpdateStore;
  readonly devices: DeviceStore;
  readonly images: ImageStore;
  /** A credential is to leave the files. */
  readonly forget: () => void;
}

const openStores = async ({ config, clock, logger, ending }: Site): Promise<Stores> => {
  const lock = await lockDirectory(config.dataDir);
  ending.add(() => lock.release());
  const images = await createImageStore({
    directory: join(config.dataDir, 'images'),
    clock,
    maxBytes: config.cacheBytes,
  });
  const database = await openIntermediaryDatabase(join(config.dataDir, 'intermediary.db'), logger);
  ending.add(() => database.close());
  const forget = forgetting(database, clock, logger);
  ending.add(() => forget.now());
  const requests = requestStore(database);
  return {
    requests,
    updates: updateStore(database, requests),
    devices: deviceStore(database),
    images,
    forget: forget.soon,
  };
};

interface Updating {
  readonly outgoing: Outgoing;
  readonly scheduler: UpdateScheduler;
  readonly inbox: Inbox;
}

/** Everything between the server's requests and the devices; what an earlier process left goes on at once. */
const startUpdating = async (site: Site, stores: Stores): Promise<Updating> => {
  const { config, node, clock, entropy, logger, ending } = site;
  const { requests, updates, devices } = stores;
  const policy = sitePolicy(config);
  const vendorTrust = pinVendorKeys(
    await Promise.all(config.vendorKeyFiles.map((path) => readFile(path, 'utf8'))),
  );
  const outgoing = new Outgoing(requests, devices, clock);
  ending.add(() => outgoing.stop());

  const { url, serverName } = config.uplink;
  const { download, close } = openImageDownload({ url, serverName, node });
  ending.add(close);
  const needed = (): ReadonlySet<string> => scheduler.neededImages();
  const images = siteImages({ store: stores.images, download, clock, needed });

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
    onForgotten: stores.forget,
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

  const { name } = node.identity;
  const { mostOpenRequests, mostUpdatesPerDevice } = config;
  const parts = { requests, updates, devices, scheduler, deviceRequests, outgoing, clock, logger };
  const inbox = new Inbox({ ...parts, name, vendorTrust, policy, mostOpenRequests, mostUpdatesPerDevice });
  inbox.recover();
  scheduler.recover((jobId) => requests.response(jobId) !== undefined);
  return { outgoing, scheduler, inbox };
};

const listenForDevices = async (
  { config, node, clock, logger, ending }: Site,
  { devices }: Stores,
  { scheduler, outgoing }: Updating,
): Promise<Pick<Intermediary, 'securePort' | 'noticePort'>> => {
  const { name } = node.identity;
  const unprovedLimit = config.unprovedStarts;
  const notices = new Notices({ devices, scheduler, outgoing, clock, logger, name, unprovedLimit });
  const secure = await secureListener({ ...config.secure, node, notices, clock, logger });
  ending.add(() => secure.close());
  const notice = await noticeListener({ ...config.notice, notices, clock, logger });
  ending.add(() => notice.close());
  return { securePort: secure.port, noticePort: notice.port };
};

const callOut = (
  { config: { uplink }, node, clock, entropy, logger, ending }: Site,
  { outgoing, inbox }: Updating,
): void => {
  const { url, serverName, hold, exchangeTimeout } = uplink;
  const longestExchange = Milliseconds(hold + exchangeTimeout);
  const server = openUplink({ url, serverName, node, clock, longestExchange });
  const calling = new AbortController();
  const called = runUplink(
    {
      poll: server.poll,
      outgoing,
      onAnswer: (answer) => inbox.take(answer),
      capacity: () => inbox.capacity,
      sessionId: randomId(entropy),
      hold,
      exchangeTimeout,
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
};
