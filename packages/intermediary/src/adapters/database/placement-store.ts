import type { PlacementStore } from '../../domain/cascade/ports.ts';
import type { IntermediaryDatabase } from './open.ts';

/** What devices say where they are, in SQLite. */
export const placementStore = (db: IntermediaryDatabase): PlacementStore => {
  const byId = db.prepare(({ deviceId }: { deviceId: string }) =>
    db.query.selectFrom('placement').selectAll().where('device_id', '=', deviceId),
  );
  const put = (
    device_id: string,
    change: { signed: Uint8Array; sequence: number } | { away: number },
  ): void => {
    const row = { device_id, signed: null, sequence: 0, away: 0, ...change };
    db.run(
      db.query
        .insertInto('placement')
        .values(row)
        .onConflict((conflict) => conflict.column('device_id').doUpdateSet(change)),
    );
  };
  return {
    find: (deviceId) => {
      const { signed = null, sequence = 0 } = db.get(byId.bind({ deviceId })) ?? {};
      return signed === null ? undefined : { signed, sequence };
    },
    save: (deviceId, { signed, sequence }) => put(deviceId, { signed, sequence }),
    isAway: (deviceId) => db.get(byId.bind({ deviceId }))?.away === 1,
    setAway: (deviceId, away) => put(deviceId, { away: away ? 1 : 0 }),
  };
};
