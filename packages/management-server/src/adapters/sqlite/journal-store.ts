import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { Selectable } from 'kysely';
import type { JournalStore } from '../../domain/ports.ts';
import type { JournalRecord } from '../../domain/records.ts';
import { orNull } from './columns.ts';
import type { JournalTable, ServerDatabase } from './schema.ts';

export const journalStore = (db: ServerDatabase): JournalStore => {
  const all = (updateId: string) =>
    db.query.selectFrom('journal').selectAll().where('update_id', '=', updateId);
  const add = db.prepare(
    ({ update_id, sequence, step, path, direction, at, outcome, code, detail }: NewRow) =>
      db.query
        .insertInto('journal')
        .values({ update_id, sequence, step, path, direction, at, outcome, code, detail })
        .onConflict((conflict) => conflict.columns(['update_id', 'sequence']).doNothing())
        .returningAll(),
  );
  const nth = (updateId: string, order: 'asc' | 'desc', offset: number) =>
    db.query
      .selectFrom('journal')
      .select('sequence')
      .where('update_id', '=', updateId)
      .orderBy('sequence', order)
      .limit(1)
      .offset(offset);
  // While the journal is shorter, a bound is null and nothing compares to it.
  const trim = db.prepare(({ updateId, from, last }: { updateId: string; from: number; last: number }) =>
    db.query
      .deleteFrom('journal')
      .where('update_id', '=', updateId)
      .where('sequence', '>', nth(updateId, 'asc', from))
      .where('sequence', '<=', nth(updateId, 'desc', last)),
  );
  return {
    add: (updateId, step) => {
      const row = db.get(add.bind(toRow(updateId, step)));
      return row && toRecord(row);
    },
    trim: (updateId, { first, last }) => {
      db.run(trim.bind({ updateId, from: first - 1, last }));
    },
    list: (updateId) => db.all(all(updateId).orderBy('sequence')).map(toRecord),
    since: (updateId, position) =>
      db.all(all(updateId).where('position', '>', position).orderBy('position')).map(toRecord),
  };
};

type NewRow = ReturnType<typeof toRow>;

const toRow = (updateId: string, { at, code, detail, ...step }: device.JournalStep) => ({
  ...step,
  update_id: updateId,
  at,
  code: orNull(code),
  detail: orNull(detail),
});

const toRecord = (row: Selectable<JournalTable>): JournalRecord => ({
  position: row.position,
  sequence: row.sequence,
  step: row.step,
  path: row.path,
  direction: row.direction,
  at: Instant(row.at),
  outcome: row.outcome,
  ...(row.code === null ? {} : { code: row.code }),
  ...(row.detail === null ? {} : { detail: row.detail }),
});
