import { sql } from 'kysely';
import type { PasswordListStore } from '../../domain/password-lists/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

type Entry = IntermediarySchema['password_list_entry'];

/**
 * Password lists in SQLite. Of a list that is no longer in use only its position stays: should it come back, it goes on
 * from there.
 *
 * @spec P1 X6
 */
export const passwordListStore = (db: IntermediaryDatabase): PasswordListStore => {
  // Written out, not bound: SQLite would plan anew at each run to see whether the partial index serves.
  const used = sql.lit(1);
  const current = (deviceId: string) =>
    db.get(
      db.query
        .selectFrom('password_list')
        .selectAll()
        .where('device_id', '=', deviceId)
        .where('current', '=', used),
    );

  const addEntry = db.prepare(({ list, entry, password, report_key }: Entry) =>
    db.query.insertInto('password_list_entry').values({ list, entry, password, report_key }),
  );

  const retire = (deviceId: string): void => {
    const old = current(deviceId);
    if (old === undefined) return;
    db.run(db.query.deleteFrom('password_list_entry').where('list', '=', old.list));
    db.run(db.query.updateTable('password_list').set({ current: 0 }).where('list', '=', old.list));
  };

  return {
    adopt: ({ list, deviceId, userName, entries }) =>
      db.transaction(() => {
        if (current(deviceId)?.list === list) return false;
        retire(deviceId);
        const known = db.get(db.query.selectFrom('password_list').selectAll().where('list', '=', list));
        const position = known?.position ?? 0;
        const row = {
          list,
          device_id: deviceId,
          user_name: userName,
          size: entries.length,
          position,
          current: 1,
        };
        db.run(
          db.query
            .insertInto('password_list')
            .values(row)
            .onConflict((conflict) => conflict.column('list').doUpdateSet(row)),
        );
        for (const [entry, { password, reportKey }] of entries.entries()) {
          if (entry < position) continue;
          const values = { list, entry, password, report_key: reportKey };
          db.run(addEntry.bind(values));
        }
        return true;
      }),

    use: (deviceId) => {
      const held = current(deviceId);
      if (held === undefined) return undefined;
      const { list, size, position } = held;
      return { list, size, remaining: Math.max(size - position, 0) };
    },

    next: (deviceId) => {
      const held = current(deviceId);
      if (held === undefined) return undefined;
      const row = db.get(
        db.query
          .selectFrom('password_list_entry')
          .selectAll()
          .where('list', '=', held.list)
          .where('entry', '>=', held.position)
          .orderBy('entry')
          .limit(1),
      );
      if (row === undefined) return undefined;
      const { list, entry, password, report_key: reportKey } = row;
      return { list, entry, userName: held.user_name, password, reportKey };
    },

    markUsed: (list, entry) =>
      db.transaction(() => {
        const next = entry + 1;
        db.run(
          db.query
            .updateTable('password_list')
            .set({ position: next })
            .where('list', '=', list)
            .where('position', '<', next),
        );
        db.run(db.query.deleteFrom('password_list_entry').where('list', '=', list).where('entry', '<', next));
      }),
  };
};
