import { Instant } from '@postern/core';
import type { AuditLog, NoticeStore } from '../../domain/ports.ts';
import type { ServerDatabase } from './schema.ts';

/** Drops the oldest rows of a table beyond `keep`; sequences grow by one a row, so no count is needed. */
const trim = (db: ServerDatabase, table: 'notice' | 'audit', keep: number, newest: number | bigint): void => {
  db.run(db.query.deleteFrom(table).where('sequence', '<=', Number(newest) - keep));
};

export const noticeStore = (db: ServerDatabase): NoticeStore => ({
  find: (intermediary, deliveryId) => {
    const row = db.get(
      db.query
        .selectFrom('notice')
        .selectAll()
        .where('intermediary', '=', intermediary)
        .where('delivery_id', '=', deliveryId),
    );
    return (
      row && {
        deliveryId: row.delivery_id,
        intermediary: row.intermediary,
        deviceId: row.device_id,
        kind: row.kind,
        content: row.content,
        at: Instant(row.at),
      }
    );
  },
  add: (record, keep) =>
    db.transaction(() => {
      const { deliveryId, deviceId, ...rest } = record;
      const row = { ...rest, delivery_id: deliveryId, device_id: deviceId };
      trim(db, 'notice', keep, db.run(db.query.insertInto('notice').values(row)).lastInsertRowid);
    }),
});

export const auditLog = (db: ServerDatabase): AuditLog => ({
  add: (record, keep) =>
    db.transaction(() => {
      trim(db, 'audit', keep, db.run(db.query.insertInto('audit').values(record)).lastInsertRowid);
    }),
  newest: (limit) =>
    db
      .all(
        db.query
          .selectFrom('audit')
          .select(['at', 'code', 'caller', 'subject'])
          .orderBy('sequence', 'desc')
          .limit(limit),
      )
      .map((row) => ({ ...row, at: Instant(row.at) })),
});
