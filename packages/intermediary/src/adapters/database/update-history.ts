import type { UpdateHistory } from '../../domain/local/ports.ts';
import type { IntermediaryDatabase } from './open.ts';

/** Which updates are remembered, in SQLite. */
export const updateHistory = (db: IntermediaryDatabase): UpdateHistory => ({
  newest: (limit) =>
    db
      .all(db.query.selectFrom('job').select('job_id').orderBy('seq', 'desc').limit(limit))
      .map(({ job_id }) => job_id),

  newestOf: (deviceId) =>
    db.get(
      db.query
        .selectFrom('job')
        .select('job_id')
        .where('device_id', '=', deviceId)
        .orderBy('seq', 'desc')
        .limit(1),
    )?.job_id,
});
