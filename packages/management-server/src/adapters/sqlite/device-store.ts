import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import { sql } from 'kysely';
import type { DeviceSelector, DeviceStore } from '../../domain/ports.ts';
import type { DeviceRecord } from '../../domain/records.ts';
import { orNull, toFlag, toInstant } from './columns.ts';
import type { DeviceTable, ServerDatabase } from './schema.ts';

export const deviceStore = (db: ServerDatabase): DeviceStore => {
  const byName = db.prepare(({ deviceId }: { deviceId: string }) =>
    db.query.selectFrom('device').selectAll().where('name', '=', deviceId),
  );
  // Everything above a device, at whatever depth, is its own intermediary or on the route to it.
  const matching = ({ intermediary, model, profile }: DeviceSelector) => {
    let query = db.query.selectFrom('device').selectAll();
    if (intermediary !== undefined) {
      query = query.where((e) =>
        e.or([
          e('intermediary', '=', intermediary),
          sql<boolean>`EXISTS (SELECT 1 FROM json_each(route) WHERE value = ${intermediary})`,
        ]),
      );
    }
    if (model !== undefined) query = query.where(sql<boolean>`information ->> '$.model' = ${model}`);
    if (profile !== undefined) query = query.where(sql<boolean>`information ->> '$.profile' = ${profile}`);
    return query;
  };
  return {
    find: (deviceId) => {
      const row = db.get(byName.bind({ deviceId }));
      return row && toRecord(row);
    },
    page: ({ after, limit, ...selector }) =>
      db
        .all(
          matching(selector)
            .where('name', '>', after ?? '')
            .orderBy('name')
            .limit(limit),
        )
        .map(toRecord),
    count: (intermediary) =>
      db.get(
        db.query
          .selectFrom('device')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('intermediary', '=', intermediary),
      )?.count ?? 0,
    select: (selector, limit) =>
      db
        .all(
          matching(selector)
            .where('present', '=', 1)
            .where((e) => e.or([e('active', 'is', null), e('active', '=', 1)]))
            .orderBy('name')
            .limit(limit),
        )
        .map(toRecord),
    save: (record) => {
      const row = toRow(record);
      db.run(
        db.query
          .insertInto('device')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row)),
      );
    },
    // One parameter however many names: SQLite limits the number of parameters.
    markAbsent: (intermediary, names, at) => {
      db.run(
        db.query
          .updateTable('device')
          .set({ present: 0, changed_at: at })
          .where('intermediary', '=', intermediary)
          .where('present', '=', 1)
          .where(sql<boolean>`name NOT IN (SELECT value FROM json_each(${JSON.stringify(names)}))`),
      );
    },
  };
};

const toRow = (record: DeviceRecord): DeviceTable => ({
  name: record.information.deviceId,
  intermediary: record.intermediary,
  information: JSON.stringify(record.information),
  route: JSON.stringify(record.route),
  active: record.active === undefined ? null : toFlag(record.active),
  present: toFlag(record.present),
  last_contact: orNull(record.lastContact),
  changed_at: record.changedAt,
});

const toRecord = (row: DeviceTable): DeviceRecord => ({
  information: JSON.parse(row.information) as device.DeviceInformation,
  intermediary: row.intermediary,
  route: JSON.parse(row.route) as string[],
  active: row.active === null ? undefined : row.active === 1,
  present: row.present === 1,
  lastContact: toInstant(row.last_contact),
  changedAt: Instant(row.changed_at),
});
