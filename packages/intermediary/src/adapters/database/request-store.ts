import type { uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { sql } from 'kysely';
import type { RequestFacts, RequestStore } from '../../domain/requests/ports.ts';
import type { IntermediaryDatabase } from './open.ts';

/** Answered requests beyond this many are forgotten, oldest first: the server has long stopped sending them. */
const REMEMBERED = 10_000;

/**
 * Requests and the outbox in SQLite.
 *
 * @spec R1 X6
 */
export const requestStore = (db: IntermediaryDatabase): RequestStore => {
  const forgetOldest = (): void => {
    const newest = db.get(db.query.selectFrom('request').select(({ fn }) => fn.max('seq').as('seq')));
    db.run(
      db.query
        .deleteFrom('request')
        .where('answered', '=', 1)
        .where('seq', '<=', (newest?.seq ?? 0) - REMEMBERED)
        .where('request_id', 'not in', db.query.selectFrom('outbox').select('request_id')),
    );
  };

  // Written out, not bound: SQLite would plan anew at each run to see whether the partial index serves.
  const unanswered = sql.lit(0);
  const opened = db.prepare(() =>
    db.query.selectFrom('request').selectAll().where('answered', '=', unanswered).orderBy('seq'),
  );
  const waiting = db.prepare(() => db.query.selectFrom('outbox').select('request_id').orderBy('seq'));
  const openCount = db.prepare(() =>
    db.query
      .selectFrom('request')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('answered', '=', unanswered),
  );

  return {
    transaction: (work) => db.transaction(work),

    add: ({ requestId, target, kind, expiresAt }) => {
      const row = { request_id: requestId, target, kind, expires_at: expiresAt, answered: 0 };
      const insert = db.query
        .insertInto('request')
        .values(row)
        .onConflict((conflict) => conflict.column('request_id').doNothing());
      return db.run(insert).changes === 1;
    },

    has: (requestId) =>
      db.get(db.query.selectFrom('request').select('seq').where('request_id', '=', requestId)) !== undefined,

    answer: (requestId, at, body) =>
      db.transaction(() => {
        const mark = db.query
          .updateTable('request')
          .set({ answered: 1 })
          .where('request_id', '=', requestId)
          .where('answered', '=', unanswered);
        if (db.run(mark).changes === 0) return;
        db.run(
          db.query.insertInto('outbox').values({ request_id: requestId, at, body: JSON.stringify(body) }),
        );
      }),

    open: () =>
      db.all(opened.bind({})).map((row) => ({
        requestId: row.request_id,
        target: row.target,
        kind: row.kind as RequestFacts['kind'],
        expiresAt: Instant(row.expires_at),
      })),

    countOpen: () => Number(db.get(openCount.bind({}))?.count ?? 0),

    waiting: () => db.all(waiting.bind({})).map(({ request_id }) => request_id),

    response: (requestId) => {
      const row = db.get(db.query.selectFrom('outbox').selectAll().where('request_id', '=', requestId));
      if (row === undefined) return undefined;
      return { requestId, at: Instant(row.at), body: JSON.parse(row.body) as uplink.ResponseBody };
    },

    acknowledge: (requestIds) =>
      db.transaction(() => {
        for (const requestId of requestIds) {
          db.run(db.query.deleteFrom('outbox').where('request_id', '=', requestId));
        }
        forgetOldest();
      }),
  };
};
