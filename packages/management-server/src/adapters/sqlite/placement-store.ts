import type { PlacementStore } from '../../domain/ports.ts';
import type { ServerDatabase } from './schema.ts';

export const placementStore = (db: ServerDatabase): PlacementStore => ({
  find: (deviceId) =>
    db.get(
      db.query.selectFrom('device_placement').select(['sequence', 'signed']).where('device', '=', deviceId),
    ),
  save: (device, { sequence, signed }) => {
    const row = { device, sequence, signed };
    db.run(
      db.query
        .insertInto('device_placement')
        .values(row)
        .onConflict((conflict) => conflict.column('device').doUpdateSet(row)),
    );
  },
});
