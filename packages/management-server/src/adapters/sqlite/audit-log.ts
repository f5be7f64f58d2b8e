import { Instant } from '@postern/core';
import type { AuditLog } from '../../domain/ports.ts';
import type { ServerDatabase } from './schema.ts';

export const auditLog = (db: ServerDatabase): AuditLog => ({
  add: (record, keep) =>
    db.transaction(() => {
      const { lastInsertRowid: newest } = db.run(db.query.insertInto('audit').values(record));
      // Sequences grow by one a row, so no count is needed.
      db.run(db.query.deleteFrom('audit').where('sequence', '<=', Number(newest) - keep));
    }),
  newest: (limit) =>
    db
      .all(
        db.query
          .selectFrom('audit')
          .select(['at', 'code', 'caller', 'subject'])
          .orderBy('sequence', 'desc')
          .limit(limit),
      )
      .map((row) => ({ ...row, at: Instant(row.at) })),
});
