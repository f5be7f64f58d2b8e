import type { SiteBelow, SitesBelowStore } from '../../domain/ports.ts';
import { orNull, toInstant } from './columns.ts';
import type { ServerDatabase, SiteBelowTable } from './schema.ts';

export const sitesBelowStore = (db: ServerDatabase): SitesBelowStore => ({
  // Of two that tell of it, the one that heard of it last is nearer to the truth.
  find: (name) => {
    const row = db.get(
      db.query
        .selectFrom('site_below')
        .selectAll()
        .where('name', '=', name)
        .orderBy('last_contact', 'desc')
        .limit(1),
    );
    return row && toRecord(row);
  },
  all: () =>
    db.all(db.query.selectFrom('site_below').selectAll().orderBy('name').orderBy('via')).map(toRecord),
  replace: (via, list) =>
    db.transaction(() => {
      db.run(db.query.deleteFrom('site_below').where('via', '=', via));
      for (const { name, route, lastContact } of list) {
        const row = { name, via, route: JSON.stringify(route), last_contact: orNull(lastContact) };
        db.run(
          db.query
            .insertInto('site_below')
            .values(row)
            .onConflict((conflict) => conflict.columns(['name', 'via']).doUpdateSet(row)),
        );
      }
    }),
});

const toRecord = ({ name, via, route, last_contact }: SiteBelowTable): SiteBelow => ({
  name,
  via,
  route: JSON.parse(route) as string[],
  lastContact: toInstant(last_contact),
});
