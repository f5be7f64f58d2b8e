import type { CounterStore } from '../../domain/ports.ts';
import type { CounterRecord } from '../../domain/records.ts';
import type { ServerDatabase } from './schema.ts';

export const counterStore = (db: ServerDatabase): CounterStore => ({
  find: (deviceId) => {
    const row = db.get(
      db.query.selectFrom('device_counter').select('counters').where('device', '=', deviceId),
    );
    return row === undefined ? [] : (JSON.parse(row.counters) as CounterRecord[]);
  },
  save: (device, records) => {
    const counters = JSON.stringify(records);
    db.run(
      db.query
        .insertInto('device_counter')
        .values({ device, counters })
        .onConflict((conflict) => conflict.column('device').doUpdateSet({ counters })),
    );
  },
});
