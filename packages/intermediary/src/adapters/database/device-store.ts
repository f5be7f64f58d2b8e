import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { DeviceStore, RegisteredDevice } from '../../domain/devices.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/** The list of devices in SQLite. */
export const deviceStore = (db: IntermediaryDatabase): DeviceStore => {
  const newest = db.prepare(() => db.query.selectFrom('revision').select('devices'));
  const byId = db.prepare(({ deviceId }: { deviceId: string }) =>
    db.query.selectFrom('device').selectAll().where('device_id', '=', deviceId),
  );
  const changed = db.prepare(({ since, limit }: { since: number; limit: number }) =>
    db.query.selectFrom('device').selectAll().where('revision', '>', since).orderBy('revision').limit(limit),
  );
  const revision = (): number => db.get(newest.bind({}))?.devices ?? 0;
  return {
    revision,

    register: (information, address, at) =>
      db.transaction(() => {
        const next = revision() + 1;
        const row = {
          device_id: information.deviceId,
          information: JSON.stringify(information),
          address,
          revision: next,
          last_contact: at,
        };
        db.run(db.query.updateTable('revision').set({ devices: next }));
        db.run(
          db.query
            .insertInto('device')
            .values(row)
            .onConflict((conflict) => conflict.column('device_id').doUpdateSet(row)),
        );
      }),

    setReleased: (deviceId, released) =>
      db.transaction(() => {
        const next = revision() + 1;
        db.run(db.query.updateTable('revision').set({ devices: next }));
        const change = { released: released ? 1 : 0, revision: next };
        db.run(db.query.updateTable('device').set(change).where('device_id', '=', deviceId));
      }),

    get: (deviceId) => {
      const row = db.get(byId.bind({ deviceId }));
      return row === undefined ? undefined : fromRow(row);
    },

    assurance: (deviceId) => {
      const row = db.get(
        db.query
          .selectFrom('device')
          .select(['manifest_checked', 'reports_authenticated'])
          .where('device_id', '=', deviceId),
      );
      return {
        manifestChecked: row?.manifest_checked === 1,
        authenticatedReports: row?.reports_authenticated === 1,
      };
    },

    noteAssurance: (deviceId, { manifestChecked, authenticatedReports }) => {
      const change = {
        manifest_checked: manifestChecked ? 1 : 0,
        reports_authenticated: authenticatedReports ? 1 : 0,
      };
      db.run(db.query.updateTable('device').set(change).where('device_id', '=', deviceId));
    },

    changedSince: (since, limit) => db.all(changed.bind({ since, limit })).map(fromRow),
  };
};

const fromRow = (
  row: Pick<IntermediarySchema['device'], 'information' | 'address' | 'revision' | 'last_contact'> & {
    readonly released: number;
  },
): RegisteredDevice => ({
  information: JSON.parse(row.information) as device.DeviceInformation,
  address: row.address,
  lastContact: Instant(row.last_contact),
  revision: row.revision,
  released: row.released === 1,
});
