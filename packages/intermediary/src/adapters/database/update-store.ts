import { Instant } from '@postern/core';
import {
  type BulkEndpoint,
  initialState,
  type SoftwareManifest,
  type UpdaterPolicy,
  type UpdaterState,
  type UpdateScheme,
} from '@postern/software-update';
import { sql } from 'kysely';
import type { RequestStore } from '../../domain/requests/ports.ts';
import type { StoredUpdate, UpdateStore } from '../../domain/updates/ports.ts';
import { updateResult } from '../../domain/updates/result.ts';
import type { DeliveryStore } from '../../domain/uplink/delivery-store.ts';
import { journalTable } from './journal-table.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

/** Finished updates beyond this many are forgotten, oldest first: their results are at the server. */
const REMEMBERED = 1_000;

/**
 * Updates in SQLite: state, journal and outbox change in one transaction.
 *
 * @spec U9 X6
 */
export const updateStore = (
  db: IntermediaryDatabase,
  requests: Pick<RequestStore, 'answer'>,
  deliveries: Pick<DeliveryStore, 'add'>,
): UpdateStore => {
  const journal = journalTable(db);
  // Written out, not bound: SQLite would plan anew at each run to see whether the partial index serves.
  const finished = sql.lit('finished');
  const byId = db.prepare(({ jobId }: { jobId: string }) =>
    db.query.selectFrom('job').selectAll().where('job_id', '=', jobId),
  );
  const unfinished = db.prepare(() =>
    db.query.selectFrom('job').selectAll().where('phase', '<>', finished).orderBy('seq'),
  );
  const save = db.prepare(({ jobId, state, phase }: { jobId: string; state: string; phase: string }) =>
    db.query.updateTable('job').set({ state, phase }).where('job_id', '=', jobId),
  );

  const forgetOldest = (): void => {
    const newest = db.get(db.query.selectFrom('job').select(({ fn }) => fn.max('seq').as('seq')));
    db.run(
      db.query
        .deleteFrom('job')
        .where('phase', '=', finished)
        .where('seq', '<=', (newest?.seq ?? 0) - REMEMBERED),
    );
  };

  return {
    add: (update, steps, at) =>
      db.transaction(() => {
        db.run(db.query.insertInto('job').values(toRow(update)));
        return journal.append(update.job.jobId, steps, at);
      }),

    commit: (job, state, steps, at) =>
      db.transaction(() => {
        db.run(save.bind({ jobId: job.jobId, state: JSON.stringify(state), phase: state.phase }));
        const lines = journal.append(job.jobId, steps, at);
        if (state.phase === 'reporting') {
          const value = updateResult(job, state, journal.read(job.jobId));
          const body = { kind: 'UpdateSoftwareResponse', value } as const;
          // What was not ordered from above is no answer: it goes up on the site's own accord.
          if (job.scheme.orderedBy === 'server') requests.answer(job.jobId, at, body);
          else deliveries.add({ deliveryId: job.jobId, deviceId: job.deviceId, body });
        }
        if (state.phase === 'finished') forgetOldest();
        return lines;
      }),

    get: (jobId) => {
      const row = db.get(byId.bind({ jobId }));
      return row === undefined ? undefined : fromRow(row);
    },

    unfinished: () => db.all(unfinished.bind({})).map(fromRow),

    countUndecided: (deviceId) =>
      Number(
        db.get(
          db.query
            .selectFrom('job')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('device_id', '=', deviceId)
            .where('phase', '<>', finished)
            .where('phase', 'not in', ['reporting', 'owing']),
        )?.count ?? 0,
      ),

    journal: journal.read,

    markCancelled: (jobId) => {
      db.run(db.query.updateTable('job').set({ cancelled: 1 }).where('job_id', '=', jobId));
    },

    setMovedTo: (jobId, endpoint) => {
      const change = { moved_to: endpoint === undefined ? null : JSON.stringify(endpoint) };
      db.run(db.query.updateTable('job').set(change).where('job_id', '=', jobId));
    },
  };
};

const toRow = ({ job, state, cancelled, movedTo }: StoredUpdate) => ({
  job_id: job.jobId,
  device_id: job.deviceId,
  updater_id: job.updaterId,
  signed_manifest: job.signedManifest,
  manifest: JSON.stringify(job.manifest),
  deadline: job.deadline,
  policy: JSON.stringify(job.policy),
  scheme: JSON.stringify(job.scheme),
  phase: state.phase,
  state: JSON.stringify(state),
  cancelled: cancelled ? 1 : 0,
  moved_to: movedTo === undefined ? null : JSON.stringify(movedTo),
  key_rotations: job.keyRotations === undefined ? null : JSON.stringify(job.keyRotations.map(toBase64)),
  signed_time: job.signedTime ?? null,
});

const toBase64 = (record: Uint8Array): string => Buffer.from(record).toString('base64');
const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');

const fromRow = (row: Omit<IntermediarySchema['job'], 'seq'>): StoredUpdate => ({
  job: {
    jobId: row.job_id,
    deviceId: row.device_id,
    updaterId: row.updater_id,
    signedManifest: row.signed_manifest,
    manifest: JSON.parse(row.manifest) as SoftwareManifest,
    deadline: Instant(row.deadline),
    policy: JSON.parse(row.policy) as UpdaterPolicy,
    scheme: JSON.parse(row.scheme) as UpdateScheme,
    ...(row.key_rotations === null
      ? {}
      : { keyRotations: (JSON.parse(row.key_rotations) as string[]).map(fromBase64) }),
    ...(row.signed_time === null ? {} : { signedTime: row.signed_time }),
  },
  // One that an earlier release wrote may lack what is new.
  state: { ...initialState, ...(JSON.parse(row.state) as UpdaterState) },
  cancelled: row.cancelled === 1,
  movedTo: row.moved_to === null ? undefined : (JSON.parse(row.moved_to) as BulkEndpoint),
});
