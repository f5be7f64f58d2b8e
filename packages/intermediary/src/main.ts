import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bulkPaths } from '@postern/bulk-transfer';
import {
  type Clock,
  type Closers,
  createClosers,
  type Entropy,
  errorCode,
  errorMessage,
  type Logger,
  Milliseconds,
} from '@postern/core';
import { type EnrolledNode, openNodeIdentity } from '@postern/pki';
import { pinVendorKeys, type VendorTrust } from '@postern/software-update';
import { createImageStore, lockDirectory } from '@postern/storage';
import { openDatabaseStores } from './adapters/database/stores.ts';
import { openDevices } from './adapters/device/open-devices.ts';
import { noticeListener, secureListener } from './adapters/listeners.ts';
import { openOperationPort } from './adapters/operation-port/operation-port.ts';
import { operationSocket } from './adapters/operation-port/socket-path.ts';
import { openImageDownload, openUplink } from './adapters/uplink.ts';
import {
  composeIntermediary,
  type IntermediaryDomain,
  type IntermediaryOutside,
  type IntermediaryStores,
  type UplinkOutside,
} from './compose.ts';
import type { IntermediaryConfig } from './config.ts';
import type { DeviceEndpoint } from './domain/devices.ts';
import type { SiteOperations } from './domain/local/site-operations.ts';
import { hasUnprovedDevices } from './domain/schemes/device-links.ts';

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
  /** What its operator may do; the operation port offers the same. */
  readonly operations: SiteOperations;
  /** The Unix socket of the operation port; undefined where there is none. */
  readonly operationSocket: string | undefined;
  /** Stops where it is; everything unfinished goes on with the next start. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts an intermediary: goes on with what an earlier process left, listens for devices, calls out to the server if it
 * has one.
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
    const listening = noticePort();
    const site: Site = { ...surroundings, config, node, ending, listening };
    const { name } = node.identity;
    const stores = await openStores(site);
    const vendorTrust = await readVendorTrust(config);
    const outside = await openOutside(site, stores);
    const domain = composeIntermediary({ ...surroundings, config, name, stores, vendorTrust, outside });
    ending.add(() => domain.close());
    // Who still waits for the port must not hold up the end.
    ending.add(() => listening.settle(undefined));
    const ports = await listenForDevices(site, domain);
    const socket = await openOperations(site, domain);
    begin(domain, ending);
    surroundings.logger.info('The intermediary is ready', { site: name, ...ports });
    const { operations } = domain;
    return { name, ...ports, operations, operationSocket: socket, close: () => ending.close() };
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
  readonly listening: NoticePort;
}

/** Where start notifications are listened for, once that is known. */
interface NoticePort {
  readonly port: Promise<number | undefined>;
  readonly settle: (port: number | undefined) => void;
}

const noticePort = (): NoticePort => {
  let settle: NoticePort['settle'] = () => {};
  const known = new Promise<number | undefined>((resolve) => {
    settle = resolve;
  });
  return { port: known, settle };
};

const advertised = async ({ config, listening }: Site): Promise<DeviceEndpoint | undefined> => {
  if (config.notice.advertised === undefined) return undefined;
  const { host, port = await listening.port } = config.notice.advertised;
  return port === undefined ? undefined : { host, port };
};

const openStores = async ({ config, clock, logger, ending }: Site): Promise<IntermediaryStores> => {
  const lock = await lockDirectory(config.dataDir);
  ending.add(() => lock.release());
  const images = await createImageStore({
    directory: join(config.dataDir, 'images'),
    clock,
    maxBytes: config.cacheBytes,
  });
  const database = await openDatabaseStores(join(config.dataDir, 'intermediary.db'), { clock, logger });
  ending.add(() => database.close());
  return { ...database.stores, images };
};

const readVendorTrust = async ({
  vendorKeyFiles,
  vendorThreshold,
}: IntermediaryConfig): Promise<VendorTrust> =>
  pinVendorKeys(await Promise.all(vendorKeyFiles.map((path) => readFile(path, 'utf8'))), vendorThreshold);

/** The node above, and the devices. */
const openOutside = async (site: Site, stores: IntermediaryStores): Promise<IntermediaryOutside> => {
  const { config, node, clock, entropy, logger, ending } = site;
  const notifyStartAt = () => advertised(site);
  const { client: _, ...devices } = await openDevices({
    config,
    node,
    stores,
    notifyStartAt,
    clock,
    entropy,
    logger,
  });
  const uplink = openAbove({ config, node, clock, ending });
  return {
    ...devices,
    bulkPath: bulkPaths({ clock, logger }),
    ...(uplink === undefined ? {} : { uplink }),
  };
};

/** The node above, unless the site works alone. */
const openAbove = ({
  config,
  node,
  clock,
  ending,
}: Pick<Site, 'config' | 'node' | 'clock' | 'ending'>): UplinkOutside | undefined => {
  if (config.uplink === undefined) return undefined;
  const { url, serverName, hold, exchangeTimeout } = config.uplink;
  const longestExchange = Milliseconds(hold + exchangeTimeout);
  const server = openUplink({ url, serverName, node, clock, longestExchange });
  ending.add(() => server.close());
  const images = openImageDownload({ url, serverName, node });
  ending.add(() => images.close());
  return { poll: server.poll, deliver: server.deliver, download: images.download };
};

const listenForDevices = async (
  { config, node, clock, logger, ending, listening }: Site,
  { notices, passwords }: IntermediaryDomain,
): Promise<Pick<Intermediary, 'securePort' | 'noticePort'>> => {
  const admitsUnproved = hasUnprovedDevices(config);
  const parts = { node, notices, passwords, admitsUnproved, clock, logger };
  const secure = await secureListener({ ...config.secure, ...parts });
  ending.add(() => secure.close());
  const notice = await noticeListener({ ...config.notice, notices, clock, logger });
  ending.add(() => notice.close());
  listening.settle(notice.port);
  return { securePort: secure.port, noticePort: notice.port };
};

/** Opened once the lock of the data directory is held. */
const openOperations = async (
  { config, clock, logger, ending }: Site,
  { operations }: IntermediaryDomain,
): Promise<string | undefined> => {
  if (config.operation === false) return undefined;
  const path = operationSocket(config.dataDir, config.operation.socket);
  try {
    const port = await openOperationPort({ path, operations, clock, logger });
    ending.add(() => port.close());
    return path;
  } catch (error) {
    // Whoever asked for it, or has nothing else to order with, is to know at once.
    if (config.operation.socket !== undefined || config.uplink === undefined) throw error;
    logger.warn('There is no operation port', { reason: errorMessage(error), code: errorCode(error, '') });
    return undefined;
  }
};

const begin = (domain: IntermediaryDomain, ending: Closers): void => {
  const calls = domain.begin();
  ending.add(async () => {
    calls.stop();
    await calls.stopped;
  });
};
