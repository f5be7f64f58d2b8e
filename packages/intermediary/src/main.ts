import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bulkPaths } from '@postern/bulk-transfer';
import type { StepObserver } from '@postern/contracts';
import {
  type Clock,
  type Closers,
  createClosers,
  type Entropy,
  errorCode,
  errorMessage,
  type Logger,
  LogRing,
  Milliseconds,
  rememberingLogger,
  Seconds,
} from '@postern/core';
import { type EnrolledNode, openNodeIdentity, openRevocations, type RevocationList } from '@postern/pki';
import { pinVendorKeys, type VendorTrust } from '@postern/software-update';
import { createImageStore, lockDirectory } from '@postern/storage';
import { databasePath } from './adapters/database/path.ts';
import { openDatabaseStores } from './adapters/database/stores.ts';
import { openDevices } from './adapters/device/open-devices.ts';
import { noticeListener, secureListener } from './adapters/listeners.ts';
import type { MailWay } from './adapters/mail/open-mail.ts';
import { openOperationPort } from './adapters/operation-port/operation-port.ts';
import { operationSocket } from './adapters/operation-port/socket-path.ts';
import { clearIncoming, incomingDirectory } from './adapters/software-drop/incoming.ts';
import type { SoftwareDrop } from './adapters/software-drop/software-drop.ts';
import { openImageDownload, openUplink } from './adapters/uplink.ts';
import {
  composeIntermediary,
  type IntermediaryDomain,
  type IntermediaryOutside,
  type IntermediaryStores,
  type UplinkOutside,
} from './composition/compose-intermediary.ts';
import type { IntermediaryConfig } from './config.ts';
import type { DeviceEndpoint } from './domain/devices.ts';
import type { SiteOperations } from './domain/local/site-operations.ts';
import { hasUnprovedDevices } from './domain/schemes/device-links.ts';
import { withOwnLink } from './own-software/own-link.ts';
import { type Launch, type OwnSoftware, openOwnSoftware } from './own-software/own-software.ts';

/** What a process gives an intermediary. */
export interface Surroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Told of the steps of requests, calls and updates; nobody unless given. */
  readonly onStep?: StepObserver | undefined;
  /** Of a process that a launcher has started; without one the own software is not updated. */
  readonly launch?: Launch;
}

/** A running intermediary. */
export interface Intermediary {
  readonly name: string;
  /** Where devices call over mutual TLS. */
  readonly securePort: number;
  /** Where devices notify their start without TLS. */
  readonly noticePort: number;
  /** Where intermediaries below call over mutual TLS; undefined where none may. */
  readonly belowPort: number | undefined;
  /** What its operator may do; the operation port offers the same. */
  readonly operations: SiteOperations;
  /** The Unix socket of the operation port; undefined where there is none. */
  readonly operationSocket: string | undefined;
  /** Where software is dropped; undefined where nobody may. */
  readonly drop: Pick<SoftwareDrop, 'port' | 'hostKey'> | undefined;
  /** Where requests come by mail; undefined where none does. */
  readonly mail: Pick<MailWay, 'port' | 'refused'> | undefined;
  /** Stops where it is; everything unfinished goes on with the next start. Idempotent. */
  close(): Promise<void>;
}

/** Lines of the own log that can be collected. */
const REMEMBERED_LINES = 2_000;
/** As long as a poll can be set to be held. */
const LONGEST_HOLD = Seconds(110);

/**
 * Starts an intermediary: goes on with what an earlier process left, listens for devices, calls out to the server if it
 * has one.
 *
 * @throws PosternError of pki, storage or the listeners: the identity, the data directory or a port is not to be had
 * @spec T5 X6
 */
export const startIntermediary = async (
  written: IntermediaryConfig,
  given: Surroundings,
): Promise<Intermediary> => {
  const ending = createClosers();
  const log = new LogRing(REMEMBERED_LINES);
  const logger = rememberingLogger(given.logger, log, given.clock);
  const surroundings = { ...given, logger };
  try {
    const node = await openNodeIdentity({ directory: written.identityDir, clock: surroundings.clock });
    const { name } = node.identity;
    const config = withOwnLink(written, name);
    const listening = settleOnce<number | undefined>();
    const uplinkWorks = settleOnce<void>();
    const { caPem } = node;
    const revocations = await openRevocations(config.revocationListFile, { ...surroundings, caPem });
    ending.add(() => revocations?.close());
    const site: Site = { ...surroundings, config, node, revocations, ending, listening, uplinkWorks };
    const stores = await openStores(site);
    const vendorTrust = await readVendorTrust(config);
    const outside = await openOutside(site, stores);
    const own = await openOwn(site, stores, vendorTrust);
    const placementTrust = { caPem, revocations };
    const parts = { ...surroundings, config, name, stores, vendorTrust, outside, placementTrust, log };
    const domain = composeIntermediary({ ...parts, ...(own === undefined ? {} : { gate: own.gate }) });
    ending.add(() => domain.close());
    // Who still waits for the port must not hold up the end.
    ending.add(() => listening.settle(undefined));
    const ports = {
      ...(await listenForDevices(site, domain, own)),
      belowPort: await listenBelow(site, domain),
    };
    const socket = await openOperations(site, domain);
    const drop = await openDrop(site, domain);
    const mail = await openMail(site, stores, domain);
    await own?.begin({ ...ports, domain, uplinkWorks: uplinkWorks.value });
    begin(domain, ending);
    surroundings.logger.info('The intermediary is ready', { site: name, ...ports });
    const { operations } = domain;
    return { name, ...ports, operations, operationSocket: socket, drop, mail, close: () => ending.close() };
  } catch (error) {
    await ending.close();
    throw error;
  }
};

/** What all parts are built from. */
interface Site extends Surroundings {
  readonly config: IntermediaryConfig;
  readonly node: EnrolledNode;
  /** Absent where nobody is ever revoked. */
  readonly revocations: RevocationList | undefined;
  /** Each part that is started adds how to stop it. */
  readonly ending: Closers;
  /** Where start notifications are listened for. */
  readonly listening: Known<number | undefined>;
  /** The node above has answered a poll, or there is none. */
  readonly uplinkWorks: Known<void>;
}

/** Something that is known later. */
interface Known<T> {
  readonly value: Promise<T>;
  readonly settle: (value: T) => void;
}

const settleOnce = <T>(): Known<T> => {
  let settle: Known<T>['settle'] = () => {};
  const value = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { value, settle };
};

const advertised = async ({ config, listening }: Site): Promise<DeviceEndpoint | undefined> => {
  if (config.notice.advertised === undefined) return undefined;
  const { host, port = await listening.value } = config.notice.advertised;
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
  const database = await openDatabaseStores(databasePath(config.dataDir), { clock, logger });
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
  const { config, node, revocations, clock, entropy, logger } = site;
  const notifyStartAt = () => advertised(site);
  const { client: _, ...devices } = await openDevices({
    config,
    node,
    revocations,
    stores,
    notifyStartAt,
    clock,
    entropy,
    logger,
  });
  const uplink = openAbove(site);
  return {
    ...devices,
    bulkPath: bulkPaths({ clock, logger }),
    ...(uplink === undefined ? {} : { uplink }),
  };
};

/** The node above, unless the site works alone. */
const openAbove = (site: Site): UplinkOutside | undefined => {
  const { config, node, revocations, clock, ending, uplinkWorks } = site;
  if (config.uplink === undefined) {
    uplinkWorks.settle();
    return undefined;
  }
  const { url, serverName, role, hold, exchangeTimeout } = config.uplink;
  // The loop gives up earlier: how long a poll is held may be set while it runs.
  const longestExchange = Milliseconds(Math.max(hold, LONGEST_HOLD) + exchangeTimeout);
  const server = openUplink({ url, serverName, role, node, revocations, clock, longestExchange });
  ending.add(() => server.close());
  const images = openImageDownload({ url, serverName, role, node, revocations });
  ending.add(() => images.close());
  const poll: UplinkOutside['poll'] = async (request, signal) => {
    const answer = await server.poll(request, signal);
    uplinkWorks.settle();
    return answer;
  };
  return { poll, deliver: server.deliver, download: images.download };
};

const listenForDevices = async (
  { config, node, revocations, clock, logger, ending, listening }: Site,
  { notices, passwords, words }: IntermediaryDomain,
  own: OwnSoftware | undefined,
): Promise<Pick<Intermediary, 'securePort' | 'noticePort'>> => {
  const admitsUnproved = hasUnprovedDevices(config);
  const parts = { node, revocations, notices, passwords, words, admitsUnproved, clock, logger };
  const secure = await secureListener({ ...config.secure, ...parts, ownDevice: own?.service });
  ending.add(() => secure.close());
  const notice = await noticeListener({ ...config.notice, notices, clock, logger });
  ending.add(() => notice.close());
  listening.settle(notice.port);
  return { securePort: secure.port, noticePort: notice.port };
};

/** For intermediaries below, where there may be any. */
const listenBelow = async (
  { config, node, revocations, clock, logger, ending }: Site,
  domain: IntermediaryDomain,
): Promise<number | undefined> => {
  if (config.below === undefined) return undefined;
  const { belowListener } = await import('./adapters/cascade/below-listener.ts');
  const listener = await belowListener({ config: config.below, domain, node, revocations, clock, logger });
  ending.add(() => listener.close());
  return listener.port;
};

/** The intermediary as a target, where it was started by a launcher. Opened once the data directory's lock is held. */
const openOwn = async (
  { config, node, launch, clock, entropy, logger, ending }: Site,
  { devices }: IntermediaryStores,
  vendorTrust: VendorTrust,
): Promise<OwnSoftware | undefined> => {
  const { ownSoftware } = config;
  if (ownSoftware === undefined) return undefined;
  if (launch === undefined) {
    logger.warn('Not started by its launcher: the own software is not updated');
    return undefined;
  }
  const { name } = node.identity;
  const parts = { config, ownSoftware, name, launch, vendorTrust, devices, clock, entropy, logger };
  const own = await openOwnSoftware(parts);
  ending.add(() => own.close());
  return own;
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

/** SSH code is loaded where software is dropped. Opened once the lock of the data directory is held. */
const openDrop = async (
  { config, clock, logger, ending }: Site,
  { operations }: IntermediaryDomain,
): Promise<SoftwareDrop | undefined> => {
  const { dataDir } = config;
  if (config.drop === undefined) {
    await clearIncoming(incomingDirectory(dataDir));
    return undefined;
  }
  const { openSoftwareDrop } = await import('./adapters/software-drop/software-drop.ts');
  const drop = await openSoftwareDrop({ config: config.drop, dataDir, operations, clock, logger });
  ending.add(() => drop.close());
  return drop;
};

/** Code for mail is loaded where requests come by mail. */
const openMail = async (
  { config, node, revocations, clock, logger, ending }: Site,
  stores: IntermediaryStores,
  { inbox }: IntermediaryDomain,
): Promise<MailWay | undefined> => {
  const { mail } = config;
  if (mail === undefined) return undefined;
  const { openMailWay } = await import('./adapters/mail/open-mail.ts');
  const { name } = node.identity;
  const way = await openMailWay({ config, mail, name, stores, inbox, revocations, clock, logger });
  ending.add(() => way.close());
  return way;
};

const begin = (domain: IntermediaryDomain, ending: Closers): void => {
  const calls = domain.begin();
  ending.add(async () => {
    calls.stop();
    await calls.stopped;
  });
};
