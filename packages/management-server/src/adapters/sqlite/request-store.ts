import { responseFromJson, responseToJson, type uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { RequestStore } from '../../domain/ports.ts';
import type { RequestRecord, RequestSubject } from '../../domain/records.ts';
import { orNull, orUndefined, toFlag, toInstant } from './columns.ts';
import type { RequestTable, ServerDatabase } from './schema.ts';

type RequestRow = Selectable<RequestTable>;

/** Of answers in lists, in characters of JSON. */
const LONGEST_LISTED = 4_096;

const FILTERS = ['target', 'intermediary', 'kind', 'state'] as const;

export const requestStore = (db: ServerDatabase): RequestStore => {
  const all = () => db.query.selectFrom('request').selectAll();
  // Written out, not bound: only so does SQLite use the partial index.
  const isOpen = sql<boolean>`state IN ('waiting', 'sent')`;
  const open = (intermediary: string) =>
    all().where('intermediary', '=', intermediary).where(isOpen).orderBy('place').orderBy('sequence');
  /** Of requests about no update. */
  const unended = () => all().where('update_id', 'is', null).where('ended_at', 'is', null);
  const byId = db.prepare(({ id }: { id: string }) => all().where('id', '=', id));
  type Page = { intermediary: string; limit: number };
  const limited = ({ intermediary, limit }: Page) => open(intermediary).limit(limit);
  const firstOpen = db.prepare(limited);
  const firstUrgent = db.prepare((page: Page) =>
    limited(page)
      .where('kind', '=', 'CancelUpdate')
      .where('update_id', 'not in', db.query.selectFrom('request').select('id').where(isOpen)),
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
        .all(all().where('target', '=', target).where('sent', '=', 0).where(isOpen).orderBy('sequence'))
        .map(toRecord),
    ofUpdate: (updateId) => db.all(all().where('update_id', '=', updateId)).map(toRecord),
    findFetch: (target, softwareId) => {
      const row = db.get(
        all()
          .where('software_id', '=', softwareId)
          .where('target', '=', target)
          .where('kind', '=', 'FetchSoftware')
          .where('ended_at', 'is', null)
          .orderBy('sequence', 'desc')
          .limit(1),
      );
      return row && toRecord(row);
    },
    page: ({ after, limit, order, ...filter }) => {
      // A page of long answers would fill the memory.
      let query = db.query
        .selectFrom('request')
        .selectAll()
        .select(sql<string | null>`iif(length(answer) <= ${LONGEST_LISTED}, answer, NULL)`.as('answer'))
        .where('update_id', 'is', null)
        .orderBy('sequence', 'desc')
        .limit(limit);
      if (order !== undefined) query = query.where('order_id', '=', order);
      for (const column of FILTERS) {
        const value = filter[column];
        if (value !== undefined) query = query.where(column, '=', value);
      }
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
          .where('ended_at', 'is', null),
      )?.count ?? 0,
    overdue: (now, silentSince) =>
      db
        .all(
          unended()
            .where('expires_at', '<=', now)
            .where((e) => e.or([e('sent', '=', 0), e('expires_at', '<=', silentSince)])),
        )
        .map(toRecord),
    nextDeadlines: () => {
      const nearest = (sent: number) =>
        toInstant(
          db.get(
            unended()
              .clearSelect()
              .select((e) => e.fn.min<number | null>('expires_at').as('nearest'))
              .where('sent', '=', sent),
          )?.nearest ?? null,
        );
      return { waiting: nearest(0), sent: nearest(1) };
    },
    waiting: () =>
      db
        .all(db.query.selectFrom('request').select('intermediary').distinct().where(isOpen))
        .map(({ intermediary }) => intermediary),
    add: (record) => {
      db.run(db.query.insertInto('request').values(toRow(record)));
    },
    save: (record) => {
      db.run(db.query.updateTable('request').set(toRow(record)).where('id', '=', record.id));
    },
    prune: (keep) => {
      const beyond = db.query
        .selectFrom('request')
        .select('id')
        .where('update_id', 'is', null)
        .where('ended_at', 'is not', null)
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
  at: orNull(record.at),
  update_id: 'updateId' in record ? record.updateId : null,
  software_id: 'softwareId' in record ? record.softwareId : null,
  order_id: 'orderId' in record ? record.orderId : null,
  ordered_at: record.orderedAt,
  expires_at: record.expiresAt,
  place: record.place,
  sent: toFlag(record.sent),
  state: record.state,
  phase: orNull(record.phase),
  ended_at: orNull(record.endedAt),
  reason: orNull(record.reason),
  answered: toFlag(record.answered),
  answered_at: orNull(record.answeredAt),
  answer: record.answer === undefined ? null : answerText(record.answer),
});

const toRecord = (row: RequestRow): RequestRecord => ({
  ...toSubject(row),
  id: row.id,
  intermediary: row.intermediary,
  target: row.target,
  at: orUndefined(row.at),
  orderedAt: Instant(row.ordered_at),
  expiresAt: Instant(row.expires_at),
  place: row.place,
  sent: row.sent === 1,
  state: row.state,
  phase: orUndefined(row.phase),
  endedAt: toInstant(row.ended_at),
  reason: orUndefined(row.reason),
  answered: row.answered === 1,
  answeredAt: toInstant(row.answered_at),
  answer: row.answer === null ? undefined : toAnswer(row.answer),
});

const toSubject = ({ kind, update_id, software_id, order_id }: RequestRow): RequestSubject => {
  if (kind === 'FetchSoftware') return { kind, softwareId: software_id ?? '' };
  if (kind === 'UpdateSoftware' || kind === 'CancelUpdate') return { kind, updateId: update_id ?? '' };
  return { kind, orderId: order_id ?? '' };
};

/** `{ kind, value }`, the value in its JSON form. */
const answerText = (answer: uplink.ResponseBody): string =>
  JSON.stringify({ kind: answer.kind, value: responseToJson(answer) });

const toAnswer = (text: string): uplink.ResponseBody => {
  const { kind, value } = JSON.parse(text) as { kind: uplink.ResponseBody['kind']; value: unknown };
  return responseFromJson(kind, value);
};
