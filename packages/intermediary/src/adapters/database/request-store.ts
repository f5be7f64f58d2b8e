import type { uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { sql } from 'kysely';
import type { RequestFacts, RequestStore } from '../../domain/requests/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import { fromStored, toStored } from './stored-json.ts';

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
    db.query
      .selectFrom('request')
      .select(['request_id', 'target', 'kind', 'expires_at'])
      .where('answered', '=', unanswered)
      .orderBy('seq'),
  );
  const waiting = db.prepare(() => db.query.selectFrom('outbox').select('request_id').orderBy('seq'));
  const openCount = db.prepare(() =>
    db.query
      .selectFrom('request')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('answered', '=', unanswered),
  );

  const open = (requestId: string) =>
    db.query.selectFrom('request').where('request_id', '=', requestId).where('answered', '=', unanswered);
  const openBytes = db.prepare(() =>
    db.query
      .selectFrom('request')
      .select(({ fn }) => fn.sum<number | null>('body_bytes').as('bytes'))
      .where('answered', '=', unanswered),
  );

  return {
    transaction: (work) => db.transaction(work),

    add: ({ requestId, target, kind, expiresAt }, body) => {
      const text = body === undefined ? null : toStored(body);
      const row = {
        request_id: requestId,
        target,
        kind,
        expires_at: expiresAt,
        answered: 0,
        body: text,
        body_bytes: Buffer.byteLength(text ?? ''),
      };
      const insert = db.query
        .insertInto('request')
        .values(row)
        .onConflict((conflict) => conflict.column('request_id').doNothing());
      return db.run(insert).changes === 1;
    },

    has: (requestId) =>
      db.get(db.query.selectFrom('request').select('seq').where('request_id', '=', requestId)) !== undefined,

    body: (requestId) => {
      const row = db.get(open(requestId).select('body'));
      return row?.body == null ? undefined : (fromStored(row.body) as uplink.RequestBody);
    },

    isBegun: (requestId) => db.get(open(requestId).select('begun'))?.begun === 1,

    setBegun: (requestId, begun) => {
      db.run(
        db.query
          .updateTable('request')
          .set({ begun: begun ? 1 : 0 })
          .where('request_id', '=', requestId)
          .where('answered', '=', unanswered),
      );
    },

    openBytes: () => Number(db.get(openBytes.bind({}))?.bytes ?? 0),

    answer: (requestId, at, body) =>
      db.transaction(() => {
        const mark = db.query
          .updateTable('request')
          .set({ answered: 1, body: null, body_bytes: 0 })
          .where('request_id', '=', requestId)
          .where('answered', '=', unanswered);
        if (db.run(mark).changes === 0) return;
        db.run(db.query.insertInto('outbox').values({ request_id: requestId, at, body: toStored(body) }));
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
      return { requestId, at: Instant(row.at), body: fromStored(row.body) as uplink.ResponseBody };
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
