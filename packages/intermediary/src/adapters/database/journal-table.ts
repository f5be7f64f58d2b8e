import { Instant } from '@postern/core';
import type { JournalEntry, StepId } from '@postern/software-update';
import type { JournalLine } from '../../domain/updates/result.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/** Lines that a contract carries at most, and so that are kept of one update. */
const MOST_LINES = 500;
/** Of these, how many of the first lines stay when an endless row of retries pushes lines out. */
const FIRST_LINES = 100;

/** Reads and appends journal lines. Appending belongs into the transaction that writes the state. */
export const journalTable = (db: IntermediaryDatabase) => {
  const lastOf = db.prepare(({ jobId }: { jobId: string }) =>
    db.query
      .selectFrom('journal')
      .select(({ fn }) => fn.max('sequence').as('sequence'))
      .where('job_id', '=', jobId),
  );
  const add = db.prepare(({ job_id, sequence, at, step, outcome, code, detail }: Row) =>
    db.query.insertInto('journal').values({ job_id, sequence, at, step, outcome, code, detail }),
  );
  const readAll = db.prepare(({ jobId }: { jobId: string }) =>
    db.query.selectFrom('journal').selectAll().where('job_id', '=', jobId).orderBy('sequence'),
  );
  const last = (jobId: string): number => db.get(lastOf.bind({ jobId }))?.sequence ?? 0;

  const shorten = (jobId: string, newest: number): void => {
    db.run(
      db.query
        .deleteFrom('journal')
        .where('job_id', '=', jobId)
        .where('sequence', '>', FIRST_LINES)
        .where('sequence', '<=', newest - (MOST_LINES - FIRST_LINES)),
    );
  };

  return {
    append: (jobId: string, steps: readonly JournalEntry[], at: Instant): readonly JournalLine[] => {
      if (steps.length === 0) return [];
      const before = last(jobId);
      const lines = steps.map((step, index) => ({ ...step, sequence: before + index + 1, at }));
      for (const line of lines) db.run(add.bind(toRow(jobId, line)));
      const newest = before + lines.length;
      if (newest > MOST_LINES) shorten(jobId, newest);
      return lines;
    },

    read: (jobId: string): readonly JournalLine[] => db.all(readAll.bind({ jobId })).map(fromRow),
  };
};

type Row = IntermediarySchema['journal'];

const toRow = (jobId: string, { sequence, at, step, outcome, code, detail }: JournalLine): Row => ({
  job_id: jobId,
  sequence,
  at,
  step,
  outcome,
  code: code ?? null,
  detail: detail ?? null,
});

const fromRow = ({ sequence, at, step, outcome, code, detail }: Row): JournalLine => ({
  sequence,
  at: Instant(at),
  step: step as StepId,
  outcome: outcome as JournalLine['outcome'],
  ...(code === null ? {} : { code }),
  ...(detail === null ? {} : { detail }),
});
