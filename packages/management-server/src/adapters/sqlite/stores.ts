import { join } from 'node:path';
import type { Logger } from '@postern/core';
import { openDatabase } from '@postern/storage';
import type { Stores } from '../../domain/ports.ts';
import { auditLog } from './audit-log.ts';
import { counterStore } from './counter-store.ts';
import { deviceStore } from './device-store.ts';
import { journalStore } from './journal-store.ts';
import { keyRotationStore } from './key-rotation-store.ts';
import { mailOutboxStore } from './mail-outbox-store.ts';
import { MIGRATIONS } from './migrations.ts';
import { noticeStore } from './notice-store.ts';
import { orderStore } from './order-store.ts';
import { placementStore } from './placement-store.ts';
import { requestStore } from './request-store.ts';
import type { Schema, ServerDatabase } from './schema.ts';
import { siteStore } from './site-store.ts';
import { sitesBelowStore } from './sites-below-store.ts';
import { softwareStore } from './software-store.ts';
import { updateStore } from './update-store.ts';

/** The stores on SQLite. Whoever opened them closes them. */
export interface SqliteStores extends Stores {
  readonly database: ServerDatabase;
  close(): void;
}

/**
 * Opens `server.db` in the data directory, whose lock the caller holds.
 *
 * @throws PosternError the codes of `openDatabase`
 * @spec X6
 */
export const openStores = (dataDir: string, logger: Logger): Promise<SqliteStores> =>
  openStoresAt(join(dataDir, 'server.db'), logger);

/** {@link openStores} in a file of any name, or in `:memory:`. */
export const openStoresAt = async (path: string, logger: Logger): Promise<SqliteStores> => {
  const database = await openDatabase<Schema>({ path, migrations: MIGRATIONS, logger });
  return {
    database,
    devices: deviceStore(database),
    software: softwareStore(database),
    keyRotations: keyRotationStore(database),
    updates: updateStore(database),
    requests: requestStore(database),
    orders: orderStore(database),
    counters: counterStore(database),
    mailOutbox: mailOutboxStore(database),
    journal: journalStore(database),
    sites: siteStore(database),
    sitesBelow: sitesBelowStore(database),
    placements: placementStore(database),
    notices: noticeStore(database),
    audit: auditLog(database),
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
  };
};
