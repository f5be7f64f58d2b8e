import { Instant } from '@postern/core';
import type { LogMarks } from '../../domain/local/ports.ts';
import type { IntermediaryDatabase } from './open.ts';

/** Up to where the logs of devices are collected, in SQLite. */
export const logMarkStore = (db: IntermediaryDatabase): LogMarks => ({
  find: (deviceId) => {
    const query = db.query.selectFrom('log_mark').select(['at', 'entries']);
    const row = db.get(query.where('device_id', '=', deviceId));
    return row && { at: Instant(row.at), entries: row.entries };
  },

  save: (deviceId, { at, entries }) => {
    db.run(
      db.query
        .insertInto('log_mark')
        .values({ device_id: deviceId, at, entries })
        .onConflict((conflict) => conflict.column('device_id').doUpdateSet({ at, entries })),
    );
  },
});
