import { Instant } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';
import type { ShelfSource, ShelfStore } from '../../domain/shelf/ports.ts';
import type { RotationStore } from '../../domain/vendor-trust.ts';
import type { IntermediaryDatabase } from './open.ts';

/** The shelf, and what is on its way there, in SQLite. */
export const shelfStore = (db: IntermediaryDatabase): ShelfStore => ({
  items: () =>
    db.all(db.query.selectFrom('shelf').selectAll().orderBy('seq')).map((row) => ({
      id: row.id,
      signedManifest: row.signed_manifest,
      manifest: JSON.parse(row.manifest) as SoftwareManifest,
      source: row.source as ShelfSource,
      addedAt: Instant(row.added_at),
    })),

  add: ({ id, signedManifest, manifest, source, addedAt }) => {
    const row = {
      id,
      signed_manifest: signedManifest,
      manifest: JSON.stringify(manifest),
      source,
      added_at: addedAt,
    };
    db.run(
      db.query
        .insertInto('shelf')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing()),
    );
  },

  remove: (id) => {
    db.run(db.query.deleteFrom('shelf').where('id', '=', id));
  },

  fetches: () =>
    db.all(db.query.selectFrom('shelf_fetch').selectAll()).map((row) => ({
      requestId: row.request_id,
      signedManifest: row.signed_manifest,
      manifest: JSON.parse(row.manifest) as SoftwareManifest,
    })),

  addFetch: ({ requestId, signedManifest, manifest }) => {
    const row = {
      request_id: requestId,
      signed_manifest: signedManifest,
      manifest: JSON.stringify(manifest),
    };
    db.run(db.query.insertInto('shelf_fetch').values(row));
  },

  removeFetch: (requestId) => {
    db.run(db.query.deleteFrom('shelf_fetch').where('request_id', '=', requestId));
  },
});

/** The key rotations that were followed, in SQLite. */
export const rotationStore = (db: IntermediaryDatabase): RotationStore => ({
  list: () =>
    db
      .all(db.query.selectFrom('key_rotation').select('record').orderBy('sequence'))
      .map(({ record }) => record),
  add: (sequence, record) => {
    db.run(db.query.insertInto('key_rotation').values({ sequence, record }));
  },
});
