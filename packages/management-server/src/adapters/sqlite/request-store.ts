import type { uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { RequestStore } from '../../domain/ports.ts';
import type { RequestRecord, RequestSubject } from '../../domain/records.ts';
import { orNull, toFlag, toInstant } from './columns.ts';
import type { RequestTable, ServerDatabase } from './schema.ts';

type RequestRow = Selectable<RequestTable>;

export const requestStore = (db: ServerDatabase): RequestStore => {
  const all = () => db.query.selectFrom('request').selectAll();
  // Written out, not bound: only so does SQLite use the partial index.
  const isOpen = sql.lit<'open'>('open');
  const isClosed = sql.lit<'closed'>('closed');
  const open = (intermediary: string) =>
    all().where('intermediary', '=', intermediary).where('state', '=', isOpen).orderBy('sequence');
  const byId = db.prepare(({ id }: { id: string }) => all().where('id', '=', id));
  type Page = { intermediary: string; limit: number };
  const limited = ({ intermediary, limit }: Page) => open(intermediary).limit(limit);
  const firstOpen = db.prepare(limited);
  const firstUrgent = db.prepare((page: Page) =>
    limited(page)
      .where('kind', '=', 'CancelUpdate')
      .where('update_id', 'not in', db.query.selectFrom('request').select('id').where('state', '=', isOpen)),
  );
  return {
    find: (id) => {
      const row = db.get(byId.bind({ id }));
      return row && toRecord(row);
    },
    open: (intermediary, limit) => db.all(firstOpen.bind({ intermediary, limit })).map(toRecord),
    openUrgent: (intermediary, limit) => db.all(firstUrgent.bind({ intermediary, limit })).map(toRecord),
    unsent: (target) =>
      db
        .all(
          all()
            .where('target', '=', target)
            .where('sent', '=', 0)
            .where('state', '=', isOpen)
            .orderBy('sequence'),
        )
        .map(toRecord),
    ofUpdate: (updateId) => db.all(all().where('update_id', '=', updateId)).map(toRecord),
    findFetch: (intermediary, softwareId) => {
      const row = db.get(
        all()
          .where('software_id', '=', softwareId)
          .where('intermediary', '=', intermediary)
          .where('kind', '=', 'FetchSoftware')
          .where('state', '!=', isClosed)
          .orderBy('sequence', 'desc')
          .limit(1),
      );
      return row && toRecord(row);
    },
    page: ({ after, limit, intermediary }) => {
      let query = all().where('update_id', 'is', null).orderBy('sequence', 'desc').limit(limit);
      if (intermediary !== undefined) query = query.where('intermediary', '=', intermediary);
      if (after !== undefined) {
        const last = db.query.selectFrom('request').select('sequence').where('id', '=', after);
        query = query.where('sequence', '<', last);
      }
      return db.all(query).map(toRecord);
    },
    countOpen: (intermediary) =>
      db.get(
        db.query
          .selectFrom('request')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('intermediary', '=', intermediary)
          .where('update_id', 'is', null)
          .where('state', '!=', isClosed),
      )?.count ?? 0,
    waiting: () =>
      db
        .all(db.query.selectFrom('request').select('intermediary').distinct().where('state', '=', isOpen))
        .map(({ intermediary }) => intermediary),
    add: (record) => {
      db.run(db.query.insertInto('request').values(toRow(record)));
    },
    save: (record) => {
      db.run(db.query.updateTable('request').set(toRow(record)).where('id', '=', record.id));
    },
    prune: (expiredBefore, keep) => {
      db.run(
        db.query
          .updateTable('request')
          .set({ state: 'closed' })
          .where('update_id', 'is', null)
          .where('state', '!=', isClosed)
          .where('expires_at', '<=', expiredBefore),
      );
      const beyond = db.query
        .selectFrom('request')
        .select('id')
        .where('update_id', 'is', null)
        .where('state', '=', isClosed)
        .orderBy('sequence', 'desc')
        .limit(-1)
        .offset(keep);
      db.run(db.query.deleteFrom('request').where('id', 'in', beyond));
    },
  };
};

const toRow = (record: RequestRecord) => ({
  id: record.id,
  intermediary: record.intermediary,
  kind: record.kind,
  target: record.target,
  update_id: 'updateId' in record ? record.updateId : null,
  software_id: 'softwareId' in record ? record.softwareId : null,
  ordered_at: record.orderedAt,
  expires_at: record.expiresAt,
  sent: toFlag(record.sent),
  state: record.state,
  answered: toFlag(record.answered),
  answered_at: orNull(record.answeredAt),
  answer: record.answer === undefined ? null : JSON.stringify(record.answer),
});

const toRecord = (row: RequestRow): RequestRecord => ({
  ...toSubject(row),
  id: row.id,
  intermediary: row.intermediary,
  target: row.target,
  orderedAt: Instant(row.ordered_at),
  expiresAt: Instant(row.expires_at),
  sent: row.sent === 1,
  state: row.state,
  answered: row.answered === 1,
  answeredAt: toInstant(row.answered_at),
  answer: row.answer === null ? undefined : (JSON.parse(row.answer) as uplink.ResponseBody),
});

const toSubject = ({ kind, update_id, software_id }: RequestRow): RequestSubject =>
  kind === 'FetchSoftware' ? { kind, softwareId: software_id ?? '' } : { kind, updateId: update_id ?? '' };
