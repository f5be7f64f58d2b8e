import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import type { ScheduleStore } from '../../domain/local/schedule.ts';
import type { IntermediaryDatabase } from './open.ts';

/** The schedule, and when its tasks are due next, in SQLite. */
export const scheduleStore = (db: IntermediaryDatabase): ScheduleStore => ({
  entries: () => {
    const row = db.get(db.query.selectFrom('schedule').select('entries'));
    return row && (JSON.parse(row.entries) as readonly device.ScheduleEntry[]);
  },

  setEntries: (entries) =>
    db.transaction(() => {
      db.run(db.query.deleteFrom('schedule'));
      db.run(db.query.insertInto('schedule').values({ entries: JSON.stringify(entries) }));
    }),

  due: ({ task, expression }) => {
    const query = db.query.selectFrom('schedule_due').select('due');
    const row = db.get(query.where('task', '=', task).where('expression', '=', expression));
    return row && Instant(row.due);
  },

  setDue: ({ task, expression }, due) => {
    db.run(
      db.query
        .insertInto('schedule_due')
        .values({ task, expression, due })
        .onConflict((conflict) => conflict.columns(['task', 'expression']).doUpdateSet({ due })),
    );
  },

  keepDue: (entries) =>
    db.transaction(() => {
      for (const { task, expression } of db.all(db.query.selectFrom('schedule_due').selectAll())) {
        if (entries.some((entry) => entry.task === task && entry.expression === expression)) continue;
        const query = db.query.deleteFrom('schedule_due');
        db.run(query.where('task', '=', task).where('expression', '=', expression));
      }
    }),
});
