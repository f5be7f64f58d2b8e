import { requestFromJson, requestToJson } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { Selectable } from 'kysely';
import type { OrderStore } from '../../domain/ports.ts';
import type { OrderRecord } from '../../domain/records.ts';
import { orNull } from './columns.ts';
import type { OrderTable, ServerDatabase } from './schema.ts';

export const orderStore = (db: ServerDatabase): OrderStore => {
  const all = () => db.query.selectFrom('request_order').selectAll();
  const byId = db.prepare(({ id }: { id: string }) => all().where('id', '=', id));
  return {
    find: (id) => {
      const row = db.get(byId.bind({ id }));
      return row && toRecord(row);
    },
    findKey: (key) => {
      const row = db.get(all().where('order_key', '=', key));
      return row && { order: toRecord(row), contentSha256: row.content_sha256 ?? '' };
    },
    add: (record, fingerprint) => {
      const { id, body, via, targets, orderedAt, expiresAt } = record;
      db.run(
        db.query.insertInto('request_order').values({
          id,
          kind: body.kind,
          body: JSON.stringify(requestToJson(body)),
          via,
          targets,
          ordered_at: orderedAt,
          expires_at: expiresAt,
          order_key: orNull(fingerprint?.key),
          content_sha256: orNull(fingerprint?.contentSha256),
        }),
      );
    },
    states: (id) =>
      new Map(
        db
          .all(
            db.query
              .selectFrom('request')
              .select((e) => ['state', e.fn.countAll<number>().as('count')])
              .where('order_id', '=', id)
              .groupBy('state'),
          )
          .map(({ state, count }) => [state, count]),
      ),
    prune: () => {
      db.run(
        db.query
          .deleteFrom('request_order')
          .where(
            'id',
            'not in',
            db.query.selectFrom('request').select('order_id').where('order_id', 'is not', null),
          ),
      );
    },
  };
};

const toRecord = (row: Selectable<OrderTable>): OrderRecord => ({
  id: row.id,
  // It was checked before it was stored.
  body: requestFromJson(row.kind, JSON.parse(row.body)) as OrderRecord['body'],
  via: row.via,
  targets: row.targets,
  orderedAt: Instant(row.ordered_at),
  expiresAt: Instant(row.expires_at),
});
