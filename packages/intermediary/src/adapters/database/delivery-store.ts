import type { device, uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { sql } from 'kysely';
import type { Delivery, DeliveryStore } from '../../domain/uplink/delivery-store.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/**
 * What goes up on the site's own accord, in SQLite.
 *
 * @spec X6
 */
export const deliveryStore = (db: IntermediaryDatabase): DeliveryStore => {
  const one = (deliveryId: string) =>
    db.query.selectFrom('delivery').selectAll().where('delivery_id', '=', deliveryId);
  const turn = db.prepare(() =>
    db.query.selectFrom('delivery').selectAll().orderBy('report', 'desc').orderBy('seq').limit(1),
  );
  const oldest = db.prepare(() =>
    db.query.selectFrom('delivery').selectAll().where('report', '=', 0).orderBy('seq').limit(1),
  );
  const counted = db.prepare(() =>
    db.query.selectFrom('delivery').select(({ fn }) => fn.countAll<number>().as('count')),
  );
  const dropped = db.prepare(() => db.query.selectFrom('delivery_dropped').selectAll().orderBy('kind'));
  const reports = db.prepare(() =>
    db.query.selectFrom('delivery').select('seq').where('report', '=', 1).limit(1),
  );

  const remove = (deliveryId: string): void => {
    db.run(db.query.deleteFrom('delivery').where('delivery_id', '=', deliveryId));
  };

  const insert = (delivery: Delivery, report: number): boolean =>
    db.run(
      db.query
        .insertInto('delivery')
        .values({ ...toRow(delivery), report })
        .onConflict((conflict) => conflict.column('delivery_id').doNothing()),
    ).changes === 1;

  return {
    has: (deliveryId) => db.get(one(deliveryId)) !== undefined,
    add: (delivery) => insert(delivery, 0),
    first: () => fromRow(db.get(turn.bind({}))),
    findOldest: () => fromRow(db.get(oldest.bind({}))),
    count: () => Number(db.get(counted.bind({}))?.count ?? 0),
    remove,

    putLast: (deliveryId) =>
      db.transaction(() => {
        const row = db.get(one(deliveryId));
        if (row === undefined) return;
        const { seq: _, ...again } = row;
        remove(deliveryId);
        db.run(db.query.insertInto('delivery').values(again));
      }),

    markAnswered: (deliveryId, outcome) => {
      db.run(
        db.query.updateTable('delivery').set({ answered_as: outcome }).where('delivery_id', '=', deliveryId),
      );
    },

    drop: ({ deliveryId, body: { kind } }, at) =>
      db.transaction(() => {
        remove(deliveryId);
        db.run(
          db.query
            .insertInto('delivery_dropped')
            .values({ kind, count: 1, since: at })
            .onConflict((conflict) =>
              conflict.column('kind').doUpdateSet({ count: sql<number>`delivery_dropped.count + 1` }),
            ),
        );
      }),

    getDropped: () => db.all(dropped.bind({})).map((row) => ({ ...row, since: Instant(row.since) })),

    addReport: (report) =>
      db.transaction(() => {
        insert(report, 1);
        db.run(db.query.deleteFrom('delivery_dropped'));
      }),

    hasReport: () => db.get(reports.bind({})) !== undefined,
  };
};

const toRow = ({ deliveryId, deviceId, body, at, answeredAs, route = [] }: Delivery) => ({
  delivery_id: deliveryId,
  device_id: deviceId,
  body: JSON.stringify(body, withoutBytes),
  at: at ?? null,
  answered_as: answeredAs ?? null,
  route: JSON.stringify(route),
});

type Row = Pick<
  IntermediarySchema['delivery'],
  'delivery_id' | 'device_id' | 'body' | 'at' | 'answered_as'
> & { readonly route: string };

const fromRow = (row: Row | undefined): Delivery | undefined =>
  row && {
    deliveryId: row.delivery_id,
    deviceId: row.device_id,
    body: JSON.parse(row.body, withBytes) as uplink.DeliverBody,
    ...(row.at === null ? {} : { at: Instant(row.at) }),
    ...(row.answered_as === null ? {} : { answeredAs: row.answered_as as device.Outcome }),
    route: JSON.parse(row.route) as string[],
  };

/** JSON has no bytes: they are objects with one member of a name that no element has. */
const BYTES = '$base64';

/** A Buffer has become something else by the time it is `value`. */
function withoutBytes(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const raw = this[key];
  return raw instanceof Uint8Array ? { [BYTES]: Buffer.from(raw).toString('base64') } : value;
}

const withBytes = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && BYTES in value
    ? new Uint8Array(Buffer.from(String(value[BYTES]), 'base64'))
    : value;
