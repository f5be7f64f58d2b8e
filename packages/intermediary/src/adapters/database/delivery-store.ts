import type { uplink } from '@postern/contracts';
import type { DeliveryStore } from '../../domain/uplink/deliveries.ts';
import type { IntermediaryDatabase } from './open.ts';

/**
 * What goes up on the site's own accord, in SQLite.
 *
 * @spec X6
 */
export const deliveryStore = (db: IntermediaryDatabase): DeliveryStore => {
  const has = (deliveryId: string): boolean =>
    db.get(db.query.selectFrom('delivery').select('seq').where('delivery_id', '=', deliveryId)) !== undefined;

  const counted = db.prepare(() =>
    db.query.selectFrom('delivery').select(({ fn }) => fn.countAll<number>().as('count')),
  );

  return {
    has,

    add: ({ deliveryId, deviceId, body }) => {
      const row = { delivery_id: deliveryId, device_id: deviceId, body: JSON.stringify(body) };
      const insert = db.query
        .insertInto('delivery')
        .values(row)
        .onConflict((conflict) => conflict.column('delivery_id').doNothing());
      return db.run(insert).changes === 1;
    },

    first: () => {
      const row = db.get(db.query.selectFrom('delivery').selectAll().orderBy('seq').limit(1));
      if (row === undefined) return undefined;
      const body = JSON.parse(row.body) as uplink.DeliverBody;
      return { deliveryId: row.delivery_id, deviceId: row.device_id, body };
    },

    count: () => Number(db.get(counted.bind({}))?.count ?? 0),

    remove: (deliveryId) => {
      db.run(db.query.deleteFrom('delivery').where('delivery_id', '=', deliveryId));
    },

    putLast: (deliveryId) =>
      db.transaction(() => {
        const row = db.get(db.query.selectFrom('delivery').selectAll().where('delivery_id', '=', deliveryId));
        if (row === undefined) return;
        const { seq: _, ...again } = row;
        db.run(db.query.deleteFrom('delivery').where('delivery_id', '=', deliveryId));
        db.run(db.query.insertInto('delivery').values(again));
      }),
  };
};
