import { requestFromJson, requestToJson, type uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { type Selectable, sql } from 'kysely';
import type { Passing, PassingState, PassingStore } from '../../domain/cascade/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

type Row = Selectable<IntermediarySchema['passing']>;

/** Answered requests beyond this many are forgotten, oldest first: nobody repeats his answer for so long. */
const REMEMBERED = 10_000;

/**
 * Requests for those below, in SQLite.
 *
 * @spec T2 X6
 */
export const passingStore = (db: IntermediaryDatabase): PassingStore => {
  // Written out, not bound: SQLite would plan anew at each run to see whether the partial index serves.
  const isOpen = sql<boolean>`state IN ('waiting', 'sent')`;
  const unanswered = sql<boolean>`state <> 'answered'`;
  const all = () => db.query.selectFrom('passing').selectAll();
  const byId = db.prepare(({ requestId }: { requestId: string }) =>
    all().where('request_id', '=', requestId),
  );
  type Of = { child: string; limit: number };
  const opened = ({ child, limit }: Of) =>
    all().where('child', '=', child).where(isOpen).orderBy('seq').limit(limit);
  const firstOpen = db.prepare(opened);
  const firstUrgent = db.prepare((of: Of) => opened(of).where('kind', '=', 'CancelUpdate'));
  const named = () =>
    db.query
      .selectFrom('passing_image')
      .innerJoin('passing', 'passing.request_id', 'passing_image.request_id')
      .where(unanswered);

  const forgetOldest = (): void => {
    const newest =
      db.get(db.query.selectFrom('passing').select(({ fn }) => fn.max('seq').as('seq')))?.seq ?? 0;
    db.run(
      db.query
        .deleteFrom('passing')
        .where('state', '=', 'answered')
        .where('seq', '<=', newest - REMEMBERED),
    );
  };

  return {
    add: (passing, body, images) =>
      db.transaction(() => {
        const content = JSON.stringify(requestToJson(body));
        db.run(db.query.insertInto('passing').values({ ...toRow(passing), body: content }));
        for (const { sha256, length } of images) {
          const row = { request_id: passing.requestId, sha256, length };
          db.run(
            db.query
              .insertInto('passing_image')
              .values(row)
              .onConflict((conflict) => conflict.doNothing()),
          );
        }
        forgetOldest();
      }),
    find: (requestId) => {
      const row = db.get(byId.bind({ requestId }));
      return row && fromRow(row);
    },
    body: (requestId) => {
      const row = db.get(byId.bind({ requestId }));
      if (row === undefined || row.body === null) return undefined;
      return requestFromJson(row.kind as uplink.RequestBody['kind'], JSON.parse(row.body));
    },
    save: (passing) => {
      const forgotten = passing.state === 'answered' ? { body: null } : {};
      const change = { ...toRow(passing), ...forgotten };
      db.run(db.query.updateTable('passing').set(change).where('request_id', '=', passing.requestId));
    },
    open: (child, limit, urgent) =>
      db.all((urgent === undefined ? firstOpen : firstUrgent).bind({ child, limit })).map(fromRow),
    forTarget: (target) =>
      db.all(all().where('target', '=', target).where(unanswered).orderBy('seq')).map(fromRow),
    countUnanswered: (child) =>
      db.get(
        db.query
          .selectFrom('passing')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('child', '=', child)
          .where(unanswered),
      )?.count ?? 0,
    bytes: () =>
      Number(
        db.get(
          db.query
            .selectFrom('passing')
            .select(sql<number>`coalesce(sum(length(body)), 0)`.as('bytes'))
            .where(unanswered),
        )?.bytes ?? 0,
      ),
    overdue: (now) => db.all(all().where(unanswered).where('ends_at', '<=', now).orderBy('seq')).map(fromRow),
    nextEnd: () => {
      const row = db.get(
        db.query.selectFrom('passing').select(sql<number | null>`min(ends_at)`.as('ends')).where(unanswered),
      );
      return row === undefined || row.ends === null ? undefined : Instant(row.ends);
    },
    image: (sha256, child) => {
      let query = named().select(['sha256', 'length']).where('sha256', '=', sha256).limit(1);
      if (child !== undefined) query = query.where('child', '=', child);
      return db.get(query);
    },
    images: () => db.all(named().select('sha256').distinct()).map(({ sha256 }) => sha256),
  };
};

const toRow = (passing: Passing) => ({
  request_id: passing.requestId,
  child: passing.child,
  rest: JSON.stringify(passing.rest),
  target: passing.target,
  kind: passing.kind,
  received_at: passing.receivedAt,
  expires_at: passing.expiresAt,
  ends_at: passing.endsAt,
  state: passing.state,
});

const fromRow = (row: Row): Passing => ({
  requestId: row.request_id,
  child: row.child,
  rest: JSON.parse(row.rest) as string[],
  target: row.target,
  kind: row.kind as Passing['kind'],
  receivedAt: Instant(row.received_at),
  expiresAt: Instant(row.expires_at),
  endsAt: Instant(row.ends_at),
  state: row.state as PassingState,
});
