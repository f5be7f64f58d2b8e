import { join } from 'node:path';
import type { uplink } from '@postern/contracts';
import { Milliseconds, PosternError, Seconds, sleep } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { createImageStore } from '@postern/storage';
import { openDatabaseStores } from '../../src/adapters/database/stores.ts';
import { composeIntermediary } from '../../src/composition/compose-intermediary.ts';
import type { IntermediaryOutside, IntermediaryStores } from '../../src/composition/parts.ts';
import { type IntermediaryConfigInput, parseConfig } from '../../src/config.ts';
import type { DeviceCall } from '../../src/domain/requests/ask-device.ts';
import { afterThisTest } from './directory.ts';
import { UPDATER } from './process.ts';
import { deviceInformation, START, VENDOR_KEYS } from './software.ts';

export interface ComposedSiteOptions {
  readonly directory: string;
  readonly clock?: VirtualClock;
  readonly config?: Partial<IntermediaryConfigInput>;
  readonly devices?: readonly string[];
  readonly callDevice: DeviceCall;
  /** The node above does not answer. */
  readonly isDown?: () => boolean;
  /** What a test wants otherwise. */
  readonly stores?: (stores: IntermediaryStores) => IntermediaryStores;
}

const nowhere = async (): Promise<never> => {
  throw new PosternError('unreachable', 'There is no network in this test');
};

/** A whole intermediary, composed in memory on a real database; the node above takes everything. A second one on the same directory is a restart. */
export const composedSite = async (options: ComposedSiteOptions) => {
  const { directory, clock = new VirtualClock(START), devices = ['mfp-1'], callDevice } = options;
  const logger = memoryLogger();
  const database = await openDatabaseStores(join(directory, 'site.db'), { clock, logger });
  const images = await createImageStore({
    directory: join(directory, 'images'),
    clock,
    maxBytes: 1_000_000,
    freeBytes: async () => 1_000_000_000,
  });
  const stores = options.stores?.({ ...database.stores, images }) ?? { ...database.stores, images };
  for (const name of devices) stores.devices.register(deviceInformation(name), '192.0.2.1', START);
  const delivered: uplink.Deliver[] = [];
  const { isDown = () => false } = options;
  const outside: IntermediaryOutside = {
    uplink: {
      poll: async ({ holdSeconds }, signal) => {
        if (isDown()) return nowhere();
        await sleep(clock, Seconds(holdSeconds), signal);
        return { nextPollSeconds: 0, devicesRevision: stores.devices.revision() };
      },
      deliver: async (delivery) => {
        if (isDown()) return nowhere();
        delivered.push(delivery);
        return { inReplyTo: delivery.deliveryId, outcome: 'succeeded', text: 'noted' };
      },
      download: nowhere as never,
    },
    callDevice,
    inspectDevice: nowhere,
    showResult: nowhere,
    securePath: {} as never,
    bulkPath: {} as never,
  };
  const domain = composeIntermediary({
    config: parseConfig({
      dataDir: directory,
      identityDir: directory,
      uplink: { url: 'https://above:1/uplink', serverName: 'above' },
      secure: { port: 0 },
      notice: { port: 0 },
      vendorKeyFiles: ['none'],
      ...options.config,
    }),
    name: UPDATER,
    stores,
    vendorTrust: VENDOR_KEYS,
    outside,
    clock,
    entropy: seededEntropy(`${directory} ${clock.now()}`),
    logger,
  });
  const { stop, stopped } = domain.begin();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= (async () => {
      stop();
      await domain.close();
      await stopped;
      database.close();
    })();
    return closed;
  };
  afterThisTest(close);
  /** In steps, so that what one wait sets off has its time within the next ones. */
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed++) await clock.advance(Milliseconds(1_000));
  };
  return { domain, clock, logger, stores, delivered, close, pass };
};
