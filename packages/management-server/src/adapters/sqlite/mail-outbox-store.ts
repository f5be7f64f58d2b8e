import { Instant } from '@postern/core';
import type { MailOutboxStore } from '../../domain/ports.ts';
import type { ServerDatabase } from './schema.ts';

export const mailOutboxStore = (db: ServerDatabase): MailOutboxStore => ({
  first: () => {
    const row = db.get(db.query.selectFrom('mail_outbox').selectAll().orderBy('due_at').limit(1));
    return row && { requestId: row.request_id, tries: row.tries, dueAt: Instant(row.due_at) };
  },
  save: ({ requestId, tries, dueAt }) => {
    const row = { request_id: requestId, tries, due_at: dueAt };
    db.run(
      db.query
        .insertInto('mail_outbox')
        .values(row)
        .onConflict((conflict) => conflict.column('request_id').doUpdateSet({ tries, due_at: dueAt })),
    );
  },
  remove: (requestId) => {
    db.run(db.query.deleteFrom('mail_outbox').where('request_id', '=', requestId));
  },
});
