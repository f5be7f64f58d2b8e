import type { MailStore } from '../../domain/mail/ports.ts';
import type { IntermediaryDatabase } from './open.ts';

/** Identifiers of mails in SQLite. @spec R9 */
export const mailStore = (db: IntermediaryDatabase): MailStore => ({
  has: (messageId) =>
    db.get(db.query.selectFrom('mail').select('message_id').where('message_id', '=', messageId)) !==
    undefined,

  add: (messageId, forgetAt) => {
    db.run(
      db.query
        .insertInto('mail')
        .values({ message_id: messageId, forget_at: forgetAt })
        .onConflict((conflict) => conflict.column('message_id').doNothing()),
    );
  },

  count: () =>
    Number(
      db.get(db.query.selectFrom('mail').select(({ fn }) => fn.countAll<number>().as('count')))?.count ?? 0,
    ),

  forget: (now) => {
    db.run(db.query.deleteFrom('mail').where('forget_at', '<=', now));
  },
});
