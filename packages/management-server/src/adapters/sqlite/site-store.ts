import type { SiteStore } from '../../domain/ports.ts';
import { orUndefined, toInstant } from './columns.ts';
import type { ServerDatabase, SiteTable } from './schema.ts';

export const siteStore = (db: ServerDatabase): SiteStore => {
  const save = (row: SiteTable, changed: Partial<SiteTable>) =>
    db.run(
      db.query
        .insertInto('site')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(changed)),
    );
  const all = db.prepare(() => db.query.selectFrom('site').selectAll());
  return {
    all: () =>
      db.all(all.bind({})).map((row) => ({
        intermediary: row.name,
        devicesRevision: orUndefined(row.devices_revision),
        lastSeen: toInstant(row.last_seen),
      })),
    saveRevision: (name, revision) => {
      save({ name, devices_revision: revision, last_seen: null }, { devices_revision: revision });
    },
    saveLastSeen: (seen) =>
      db.transaction(() => {
        for (const [name, at] of seen) {
          save({ name, devices_revision: null, last_seen: at }, { last_seen: at });
        }
      }),
  };
};
