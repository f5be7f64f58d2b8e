import { Instant } from '@postern/core';
import { FINAL_CALL_STATES } from '../../domain/below/call-life.ts';
import type { Reply, Said, SaidStore } from '../../domain/below/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/**
 * What devices said, in SQLite.
 *
 * @spec X6
 */
export const saidStore = (db: IntermediaryDatabase): SaidStore => {
  const byId = db.prepare(({ deliveryId }: { deliveryId: string }) =>
    db.query.selectFrom('said').selectAll().where('delivery_id', '=', deliveryId),
  );

  const forget = (deviceId: string, ended: boolean, keep: number): void => {
    const beyond = db.query
      .selectFrom('said')
      .select('seq')
      .where('device_id', '=', deviceId)
      .where('state', ended ? 'in' : 'not in', FINAL_CALL_STATES)
      .orderBy('seq', 'desc')
      .limit(-1)
      .offset(keep);
    db.run(db.query.deleteFrom('said').where('seq', 'in', beyond));
  };

  return {
    transaction: (work) => db.transaction(work),

    find: (deliveryId) => {
      const row = db.get(byId.bind({ deliveryId }));
      return row && fromRow(row);
    },

    findIn: (state) =>
      db.all(db.query.selectFrom('said').selectAll().where('state', '=', state).orderBy('seq')).map(fromRow),

    add: (said, keep) =>
      db.transaction(() => {
        const { deliveryId, deviceId, kind, ownId, content, below, at } = said;
        const facts = { delivery_id: deliveryId, device_id: deviceId, kind, own_id: ownId, content, at };
        db.run(db.query.insertInto('said').values({ ...facts, below: below ?? null, ...changing(said) }));
        forget(deviceId, true, keep);
        forget(deviceId, false, keep);
      }),

    save: (said) => {
      db.run(db.query.updateTable('said').set(changing(said)).where('delivery_id', '=', said.deliveryId));
    },
  };
};

const changing = ({ state, told, answer }: Pick<Said, 'state' | 'told' | 'answer'>) => ({
  state,
  told: told === undefined ? null : JSON.stringify(told),
  answer: answer === undefined ? null : JSON.stringify(answer),
});

const fromRow = (row: Omit<IntermediarySchema['said'], 'seq'>): Said => ({
  deliveryId: row.delivery_id,
  deviceId: row.device_id,
  kind: row.kind,
  ownId: row.own_id,
  content: row.content,
  below: row.below ?? undefined,
  state: row.state,
  at: Instant(row.at),
  told: toReply(row.told),
  answer: toReply(row.answer),
});

const toReply = (text: string | null): Reply | undefined =>
  text === null ? undefined : (JSON.parse(text) as Reply);
