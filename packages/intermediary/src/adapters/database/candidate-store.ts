import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { Candidate, CandidateStore, FoundBy } from '../../domain/connections/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/** Devices that were found and not adopted, in SQLite. */
export const candidateStore = (db: IntermediaryDatabase): CandidateStore => {
  const forgetOldest = (most: number): void => {
    const newest = db.query.selectFrom('candidate').select('seq').orderBy('seq', 'desc').limit(most);
    db.run(db.query.deleteFrom('candidate').where('seq', 'not in', newest));
  };

  return {
    get: (deviceId) => {
      const row = db.get(db.query.selectFrom('candidate').selectAll().where('device_id', '=', deviceId));
      return row === undefined ? undefined : fromRow(row);
    },

    all: () => db.all(db.query.selectFrom('candidate').selectAll().orderBy('seq')).map(fromRow),

    put: ({ information, address, foundBy, foundAt }, most) =>
      db.transaction(() => {
        const row = {
          device_id: information.deviceId,
          information: JSON.stringify(information),
          address,
          found_by: foundBy,
          found_at: foundAt,
        };
        db.run(
          db.query
            .insertInto('candidate')
            .values(row)
            .onConflict((conflict) => conflict.column('device_id').doUpdateSet(row)),
        );
        forgetOldest(most);
      }),

    remove: (deviceId) => {
      db.run(db.query.deleteFrom('candidate').where('device_id', '=', deviceId));
    },
  };
};

const fromRow = (row: Omit<IntermediarySchema['candidate'], 'seq'>): Candidate => ({
  information: JSON.parse(row.information) as device.DeviceInformation,
  address: row.address,
  foundBy: row.found_by as FoundBy,
  foundAt: Instant(row.found_at),
});
