import { join } from 'node:path';
import { type Clock, silentLogger } from '@postern/core';
import { createImageStore } from '@postern/storage';
import type { IntermediaryDatabase } from '../../src/adapters/database/open.ts';
import { scheduleStore } from '../../src/adapters/database/schedule-store.ts';
import { rotationStore, shelfStore } from '../../src/adapters/database/shelf-store.ts';
import type { DownloadImage } from '../../src/domain/images/ports.ts';
import { siteImages } from '../../src/domain/images/site-images.ts';
import { Schedule } from '../../src/domain/local/schedule.ts';
import type { RequestStore } from '../../src/domain/requests/ports.ts';
import { FetchSoftware, noDownload } from '../../src/domain/shelf/fetch-software.ts';
import { Shelf } from '../../src/domain/shelf/shelf.ts';
import { SoftwareIntake } from '../../src/domain/shelf/software-intake.ts';
import type { Outgoing } from '../../src/domain/uplink/outgoing.ts';
import { siteTrust } from '../../src/domain/vendor-trust.ts';
import { afterThisTest } from './directory.ts';
import { VENDOR_KEYS } from './software.ts';

export interface SiteSoftwareOptions {
  readonly directory: string;
  readonly database: IntermediaryDatabase;
  readonly requests: RequestStore;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  readonly download?: DownloadImage;
  readonly mostEntries?: number;
  readonly mostBytes?: number;
  readonly cacheBytes?: number;
  readonly onCheck?: () => void;
}

/** Shelf, intake, trust and schedule of a site on a real database and real image files. */
export const siteSoftware = async (options: SiteSoftwareOptions) => {
  const { directory, database, requests, outgoing, clock, download = noDownload } = options;
  const shelfRows = shelfStore(database);
  const trust = siteTrust(VENDOR_KEYS, rotationStore(database));
  const { mostEntries = 4, mostBytes = 10_000_000 } = options;
  const shelf = new Shelf({ store: shelfRows, mostEntries, mostBytes, clock, logger: silentLogger });
  const files = await createImageStore({
    directory: join(directory, 'images'),
    clock,
    maxBytes: options.cacheBytes ?? 10_000_000,
    freeBytes: async () => 1_000_000_000,
  });
  const images = siteImages({
    store: files,
    download,
    clock,
    needed: () => new Set([...shelf.pinned(), ...intake.pinned()]),
  });
  const intake = new SoftwareIntake({ shelf, images, trust, clock });
  const fetchSoftware = new FetchSoftware({
    shelf,
    store: shelfRows,
    requests,
    images,
    onProgress: () => {},
    onAnswered: (requestId) => outgoing.answered(requestId),
    clock,
    logger: silentLogger,
  });
  const schedule = new Schedule({
    store: scheduleStore(database),
    configured: [],
    timeZone: 'UTC',
    tasks: { 'check-versions': options.onCheck ?? (() => {}) },
    clock,
    logger: silentLogger,
  });
  afterThisTest(async () => {
    await schedule.close();
    await fetchSoftware.close();
  });
  return { trust, shelf, shelfStore: shelfRows, files, images, intake, fetchSoftware, schedule };
};
