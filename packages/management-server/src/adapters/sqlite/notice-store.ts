import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { NewNotice, NoticeFilter, NoticeRecord, NoticeStore } from '../../domain/notices/records.ts';
import { orNull, toFlag, toInstant } from './columns.ts';
import type { NoticeTable, ServerDatabase } from './schema.ts';

/** What came up of the sites' own accord. An identifier is the place in the order of arrival. */
export const noticeStore = (db: ServerDatabase): NoticeStore => {
  const all = () => db.query.selectFrom('notice').selectAll();
  // Written out, not bound: only so does SQLite use the partial indexes.
  const isOpen = sql.lit<'open'>('open');
  const isDeferred = sql.lit<'deferred'>('deferred');
  const byDelivery = db.prepare((key: { intermediary: string; deliveryId: string }) =>
    all().where('intermediary', '=', key.intermediary).where('delivery_id', '=', key.deliveryId),
  );
  const deferred = db.prepare(({ intermediary, limit }: { intermediary: string; limit: number }) =>
    all()
      .where('intermediary', '=', intermediary)
      .where('state', '=', isDeferred)
      .orderBy('sequence')
      .limit(limit),
  );
  const filtered = ({ kind, deviceId, intermediary, open }: NoticeFilter) => {
    let query = all();
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
    if (intermediary !== undefined) query = query.where('intermediary', '=', intermediary);
    if (open !== undefined) query = query.where('state', open ? '=' : '!=', isOpen);
    return query;
  };
  const one = (row: NoticeRow | undefined) => row && toRecord(row);

  return {
    find: (intermediary, deliveryId) => one(db.get(byDelivery.bind({ intermediary, deliveryId }))),

    findById: (id) => {
      const sequence = sequenceOf(id);
      return sequence === undefined ? undefined : one(db.get(all().where('sequence', '=', sequence)));
    },

    page: ({ after, limit, ...filter }) => {
      let query = filtered(filter).orderBy('sequence', 'desc').limit(limit);
      if (after !== undefined) query = query.where('sequence', '<', sequenceOf(after) ?? 0);
      return db.all(query).map(toRecord);
    },

    since: (id, limit, filter = {}) =>
      db
        .all(
          filtered(filter)
            .where('sequence', '>', sequenceOf(id) ?? 0)
            .orderBy('sequence')
            .limit(limit),
        )
        .map(toRecord),

    add: (record, keep) =>
      db.transaction(() => {
        const added = db.run(db.query.insertInto('notice').values(toRow(record)));
        const sequence = Number(added.lastInsertRowid);
        // Sequences grow by one a row, so no count is needed.
        db.run(
          db.query
            .deleteFrom('notice')
            .where('sequence', '<=', sequence - keep)
            .where('state', 'not in', ['open', 'deferred']),
        );
        return { ...record, id: String(sequence) };
      }),

    save: (record) => {
      const { missed, state, outcome, text, answered_at } = toRow(record);
      db.run(
        db.query
          .updateTable('notice')
          .set({ missed, state, outcome, text, answered_at })
          .where('sequence', '=', sequenceOf(record.id) ?? 0),
      );
    },

    findDeferred: (intermediary, limit) => db.all(deferred.bind({ intermediary, limit })).map(toRecord),

    waiting: () =>
      db
        .all(db.query.selectFrom('notice').select('intermediary').distinct().where('state', '=', isDeferred))
        .map(({ intermediary }) => intermediary),

    countOpen: (intermediary) =>
      db.get(
        db.query
          .selectFrom('notice')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('intermediary', '=', intermediary)
          .where('state', '=', isOpen),
      )?.count ?? 0,

    overdue: ({ openBefore, answeredBefore }) => [
      ...db.all(all().where('state', '=', isOpen).where('at', '<=', openBefore)).map(toRecord),
      ...db
        .all(all().where('state', '=', isDeferred).where('answered_at', '<=', answeredBefore))
        .map(toRecord),
    ],
  };
};

type NoticeRow = Selectable<NoticeTable>;

/** Identifiers come from operators: what is no number names nothing. */
const sequenceOf = (id: string): number | undefined => (/^\d{1,15}$/.test(id) ? Number(id) : undefined);

const toRow = (record: NewNotice) => ({
  intermediary: record.intermediary,
  delivery_id: record.deliveryId,
  device_id: record.deviceId,
  kind: record.kind,
  content: record.content,
  route: JSON.stringify(record.route),
  at: record.at,
  site_at: orNull(record.siteAt),
  missed: toFlag(record.missed),
  state: record.state,
  outcome: record.answer?.outcome ?? null,
  text: record.answer?.text ?? null,
  answered_at: orNull(record.answeredAt),
});

const toRecord = (row: NoticeRow): NoticeRecord => ({
  id: String(row.sequence),
  deliveryId: row.delivery_id,
  intermediary: row.intermediary,
  deviceId: row.device_id,
  kind: row.kind,
  content: row.content,
  route: JSON.parse(row.route) as string[],
  at: Instant(row.at),
  siteAt: toInstant(row.site_at),
  missed: row.missed === 1,
  state: row.state,
  answer: row.outcome === null ? undefined : { outcome: row.outcome, text: row.text ?? '' },
  answeredAt: toInstant(row.answered_at),
});
