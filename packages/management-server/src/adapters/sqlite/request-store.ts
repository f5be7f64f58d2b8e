import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { RequestStore } from '../../domain/ports.ts';
import type { RequestRecord } from '../../domain/records.ts';
import { toFlag } from './columns.ts';
import type { RequestTable, ServerDatabase } from './schema.ts';

export const requestStore = (db: ServerDatabase): RequestStore => {
  const all = () => db.query.selectFrom('request').selectAll();
  // Written out, not bound: only so does SQLite use the partial index.
  const isOpen = sql.lit<'open'>('open');
  return {
    find: (id) => {
      const row = db.get(all().where('id', '=', id));
      return row && toRecord(row);
    },
    open: (intermediary, limit) =>
      db
        .all(
          all()
            .where('intermediary', '=', intermediary)
            .where('state', '=', isOpen)
            .orderBy('sequence')
            .limit(limit),
        )
        .map(toRecord),
    ofUpdate: (updateId) => db.all(all().where('update_id', '=', updateId)).map(toRecord),
    waiting: () =>
      db
        .all(db.query.selectFrom('request').select('intermediary').distinct().where('state', '=', isOpen))
        .map(({ intermediary }) => intermediary),
    add: (record) => {
      db.run(db.query.insertInto('request').values(toRow(record)));
    },
    save: (record) => {
      db.run(db.query.updateTable('request').set(toRow(record)).where('id', '=', record.id));
    },
  };
};

const toRow = (record: RequestRecord) => ({
  id: record.id,
  intermediary: record.intermediary,
  kind: record.kind,
  update_id: record.updateId,
  expires_at: record.expiresAt,
  sent: toFlag(record.sent),
  state: record.state,
  answered: toFlag(record.answered),
});

const toRecord = (row: Selectable<RequestTable>): RequestRecord => ({
  id: row.id,
  intermediary: row.intermediary,
  kind: row.kind,
  updateId: row.update_id,
  expiresAt: Instant(row.expires_at),
  sent: row.sent === 1,
  state: row.state,
  answered: row.answered === 1,
});
