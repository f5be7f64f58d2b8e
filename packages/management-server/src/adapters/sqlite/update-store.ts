import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { OrderKey, UpdateStore } from '../../domain/ports.ts';
import type { UpdateRecord, UpdateResult } from '../../domain/records.ts';
import { orNull, orUndefined, toFlag, toInstant } from './columns.ts';
import type { ServerDatabase, UpdateTable } from './schema.ts';

type UpdateRow = Selectable<UpdateTable>;

export const updateStore = (db: ServerDatabase): UpdateStore => {
  const all = () => db.query.selectFrom('software_update').selectAll();
  const one = (row: UpdateRow | undefined) => row && toRecord(row);
  const byId = db.prepare(({ id }: { id: string }) => all().where('id', '=', id));
  return {
    find: (id) => one(db.get(byId.bind({ id }))),
    findOpen: (deviceId) =>
      one(db.get(all().where('device_id', '=', deviceId).where('finished_at', 'is', null))),
    findOrder: (key) => {
      const row = db.get(all().where('order_key', '=', key));
      return row && { order: toOrder(row, key), updateId: row.id };
    },
    page: ({ after, limit, deviceId }) => {
      let query = all().orderBy('sequence', 'desc').limit(limit);
      if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
      if (after !== undefined) {
        const last = db.query.selectFrom('software_update').select('sequence').where('id', '=', after);
        query = query.where('sequence', '<', last);
      }
      return db.all(query).map(toRecord);
    },
    add: (record, order) => {
      const key = { order_key: orNull(order?.key), deadline_seconds: orNull(order?.deadlineSeconds) };
      db.run(db.query.insertInto('software_update').values({ ...toRow(record), ...key }));
    },
    save: (record) => {
      db.run(db.query.updateTable('software_update').set(toRow(record)).where('id', '=', record.id));
    },
    overdue: (now) =>
      db.all(all().where('state', '=', sql.lit('ordered')).where('deadline', '<=', now)).map(toRecord),
    nextDeadline: () =>
      toInstant(
        db.get(
          db.query
            .selectFrom('software_update')
            .select((e) => e.fn.min<number | null>('deadline').as('deadline'))
            .where('state', '=', sql.lit('ordered')),
        )?.deadline ?? null,
      ),
    prune: (keep) => {
      const finishedBeyond = (count: number) =>
        db.query
          .selectFrom('software_update')
          .select('id')
          .where('finished_at', 'is not', null)
          .orderBy('sequence', 'desc')
          .limit(-1)
          .offset(count);
      db.run(db.query.deleteFrom('journal').where('update_id', 'in', finishedBeyond(keep.journals)));
      db.run(db.query.deleteFrom('software_update').where('id', 'in', finishedBeyond(keep.updates)));
    },
  };
};

const toRow = (record: UpdateRecord) => ({
  id: record.id,
  device_id: record.deviceId,
  intermediary: record.intermediary,
  ordered_by: record.orderedBy,
  software_id: orNull(record.softwareId),
  policy: record.policy === undefined ? null : JSON.stringify(record.policy),
  state: record.state,
  phase: orNull(record.phase),
  ordered_at: record.orderedAt,
  deadline: record.deadline,
  finished_at: orNull(record.finishedAt),
  cancel_requested: toFlag(record.cancelRequested),
  result: record.result === undefined ? null : JSON.stringify(record.result),
});

const toRecord = (row: UpdateRow): UpdateRecord => ({
  id: row.id,
  deviceId: row.device_id,
  intermediary: row.intermediary,
  orderedBy: row.ordered_by,
  softwareId: orUndefined(row.software_id),
  policy: toPolicy(row),
  state: row.state,
  phase: orUndefined(row.phase),
  orderedAt: Instant(row.ordered_at),
  deadline: Instant(row.deadline),
  finishedAt: toInstant(row.finished_at),
  cancelRequested: row.cancel_requested === 1,
  result: row.result === null ? undefined : (JSON.parse(row.result) as UpdateResult),
});

const toPolicy = ({ policy }: UpdateRow): device.UpdatePolicy | undefined =>
  policy === null ? undefined : (JSON.parse(policy) as device.UpdatePolicy);

const toOrder = (row: UpdateRow, key: string): OrderKey => ({
  key,
  deviceId: row.device_id,
  softwareId: row.software_id ?? '',
  deadlineSeconds: row.deadline_seconds ?? 0,
  policy: toPolicy(row),
});
