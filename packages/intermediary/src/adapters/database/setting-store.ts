import type { SettingStore } from '../../domain/settings/site-settings.ts';
import type { IntermediaryDatabase } from './open.ts';

/** What was set while the intermediary ran, in SQLite. */
export const settingStore = (db: IntermediaryDatabase): SettingStore => {
  const byName = db.prepare(({ name }: { name: string }) =>
    db.query.selectFrom('setting').select('value').where('name', '=', name),
  );
  return {
    get: (name) => db.get(byName.bind({ name }))?.value,
    set: (name, value) => {
      db.run(
        db.query
          .insertInto('setting')
          .values({ name, value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
      );
    },
  };
};
