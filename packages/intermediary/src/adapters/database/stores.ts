import type { Clock, Logger } from '@postern/core';
import type { IntermediaryStores } from '../../composition/parts.ts';
import { forgetting } from '../forgetting.ts';
import { belowStore } from './below-store.ts';
import { candidateStore } from './candidate-store.ts';
import { deliveryStore } from './delivery-store.ts';
import { deviceStore } from './device-store.ts';
import { logMarkStore } from './log-mark-store.ts';
import { mailStore } from './mail-store.ts';
import { type IntermediaryDatabase, openIntermediaryDatabase } from './open.ts';
import { passingStore } from './passing-store.ts';
import { passwordListStore } from './password-list-store.ts';
import { placementStore } from './placement-store.ts';
import { requestStore } from './request-store.ts';
import { saidStore } from './said-store.ts';
import { scheduleStore } from './schedule-store.ts';
import { settingStore } from './setting-store.ts';
import { rotationStore, shelfStore } from './shelf-store.ts';
import { updateHistory } from './update-history.ts';
import { updateStore } from './update-store.ts';

/** All of an intermediary's stores but the images, in one database. */
export interface DatabaseStores {
  readonly database: IntermediaryDatabase;
  readonly stores: Omit<IntermediaryStores, 'images'>;
  /** Wipes what was forgotten, and closes the database. */
  close(): void;
}

/** @throws PosternError of storage: the database is not to be had */
export const openDatabaseStores = async (
  path: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<DatabaseStores> => {
  const database = await openIntermediaryDatabase(path, logger);
  const forget = forgetting(database, clock, logger);
  const requests = requestStore(database);
  const deliveries = deliveryStore(database);
  return {
    database,
    stores: {
      requests,
      deliveries,
      said: saidStore(database),
      updates: updateStore(database, requests, deliveries),
      history: updateHistory(database),
      devices: deviceStore(database),
      candidates: candidateStore(database),
      below: belowStore(database),
      passing: passingStore(database),
      placements: placementStore(database),
      passwordLists: passwordListStore(database),
      shelf: shelfStore(database),
      rotations: rotationStore(database),
      mail: mailStore(database),
      schedule: scheduleStore(database),
      settings: settingStore(database),
      logMarks: logMarkStore(database),
      forget: forget.soon,
    },
    close: () => {
      forget.now();
      database.close();
    },
  };
};
