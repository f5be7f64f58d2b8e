import { Instant } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';
import type { SoftwareStore } from '../../domain/ports.ts';
import type { SoftwareRecord } from '../../domain/records.ts';
import type { ServerDatabase, SoftwareTable } from './schema.ts';

export const softwareStore = (db: ServerDatabase): SoftwareStore => {
  const all = () => db.query.selectFrom('software').selectAll();
  const byId = db.prepare(({ id }: { id: string }) => all().where('id', '=', id));
  return {
    find: (id) => {
      const row = db.get(byId.bind({ id }));
      return row && toRecord(row);
    },
    page: ({ after, limit }) =>
      db
        .all(
          all()
            .where('id', '>', after ?? '')
            .orderBy('id')
            .limit(limit),
        )
        .map(toRecord),
    named: (name, model) => db.all(all().where('name', '=', name).where('model', '=', model)).map(toRecord),
    add: (record) =>
      db.transaction(() => {
        db.run(db.query.insertInto('software').values(toRow(record)));
        for (const sha256 of new Set(record.manifest.components.map((component) => component.sha256))) {
          db.run(db.query.insertInto('software_image').values({ sha256, software_id: record.id }));
        }
      }),
    saveSignatures: ({ id, signedManifest }) => {
      db.run(db.query.updateTable('software').set({ signed_manifest: signedManifest }).where('id', '=', id));
    },
    needsImage: (intermediary, sha256) => {
      const images = db.query
        .selectFrom('software_image')
        .where('software_image.sha256', '=', sha256)
        .limit(1);
      const updated = images
        .innerJoin('software_update', 'software_update.software_id', 'software_image.software_id')
        .select('software_update.id')
        .where('software_update.intermediary', '=', intermediary)
        .where('software_update.finished_at', 'is', null);
      const fetched = images
        .innerJoin('request', 'request.software_id', 'software_image.software_id')
        .select('request.id')
        .where('request.intermediary', '=', intermediary)
        .where('request.ended_at', 'is', null);
      return db.get(updated) !== undefined || db.get(fetched) !== undefined;
    },
  };
};

const toRow = (record: SoftwareRecord): SoftwareTable => ({
  id: record.id,
  payload_sha256: record.payloadSha256,
  name: record.manifest.software,
  model: record.manifest.model,
  manifest: JSON.stringify(record.manifest),
  signed_manifest: record.signedManifest,
  registered_at: record.registeredAt,
});

const toRecord = (row: SoftwareTable): SoftwareRecord => ({
  id: row.id,
  payloadSha256: row.payload_sha256,
  manifest: JSON.parse(row.manifest) as SoftwareManifest,
  signedManifest: row.signed_manifest,
  registeredAt: Instant(row.registered_at),
});
