import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Closers, createClosers, LogRing, rememberingLogger } from '@postern/core';
import { openNodeIdentity, openRevocations } from '@postern/pki';
import { pinVendorKeys, type VendorTrust } from '@postern/software-update';
import { createImageStore, lockDirectory } from '@postern/storage';
import { databasePath } from './adapters/database/path.ts';
import { openDatabaseStores } from './adapters/database/stores.ts';
import type { MailWay } from './adapters/mail/open-mail.ts';
import type { SoftwareDrop } from './adapters/software-drop/software-drop.ts';
import {
  composeIntermediary,
  type IntermediaryDomain,
  type IntermediaryStores,
} from './composition/compose-intermediary.ts';
import type { IntermediaryConfig } from './config.ts';
import type { SiteOperations } from './domain/local/site-operations.ts';
import { withOwnLink } from './own-software/own-link.ts';
import { type OwnSoftware, openOwnSoftware } from './own-software/own-software.ts';
import { type DevicePorts, listenBelow, listenForDevices } from './start/listen.ts';
import { openDrop, openMail, openOperations } from './start/open-doors.ts';
import { openOutside } from './start/open-outside.ts';
import { type Site, type Surroundings, settleOnce } from './start/site.ts';

/** A running intermediary. */
export interface Intermediary extends DevicePorts {
  readonly name: string;
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

const begin = (domain: IntermediaryDomain, ending: Closers): void => {
  const calls = domain.begin();
  ending.add(async () => {
    calls.stop();
    await calls.stopped;
  });
};
