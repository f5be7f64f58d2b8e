import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import { sql } from 'kysely';
import type { BelowStore, DeviceBelow, NodeBelow } from '../../domain/cascade/ports.ts';
import type { IntermediaryDatabase } from './open.ts';
import type { IntermediarySchema } from './schema.ts';

type DeviceRow = IntermediarySchema['device_below'];
type NodeRow = IntermediarySchema['node_below'];

/**
 * Who is below, in SQLite. Devices below and the site's own count as one list: they share its revision.
 *
 * @spec T2
 */
export const belowStore = (db: IntermediaryDatabase): BelowStore => {
  const byId = db.prepare(({ deviceId }: { deviceId: string }) =>
    db.query.selectFrom('device_below').selectAll().where('device_id', '=', deviceId),
  );
  const changed = db.prepare(({ since, limit }: { since: number; limit: number }) =>
    db.query
      .selectFrom('device_below')
      .selectAll()
      .where('revision', '>', since)
      .orderBy('revision')
      .limit(limit),
  );
  const nextRevision = (): number => {
    db.run(db.query.updateTable('revision').set(({ eb }) => ({ devices: eb('devices', '+', 1) })));
    return db.get(db.query.selectFrom('revision').select('devices'))?.devices ?? 0;
  };
  const nodesOf = (child: string): readonly NodeBelow[] =>
    db
      .all(db.query.selectFrom('node_below').selectAll().where('child', '=', child).orderBy('name'))
      .map(nodeFromRow);
  const putNode = (child: string, { name, route, lastContact }: NodeBelow): void => {
    const row = { name, child, route: JSON.stringify(route), last_contact: lastContact ?? null };
    db.run(
      db.query
        .insertInto('node_below')
        .values(row)
        .onConflict((conflict) => conflict.columns(['name', 'child']).doUpdateSet(row)),
    );
  };
  const presentOf = (child: string) =>
    db.query.selectFrom('device_below').select('device_id').where('child', '=', child).where('gone', '=', 0);

  return {
    revisionOf: (child) =>
      db.get(db.query.selectFrom('child').select('revision').where('name', '=', child))?.revision ?? 0,
    saveRevision: (child, revision) => {
      db.run(db.query.updateTable('child').set({ revision }).where('name', '=', child));
    },
    children: () =>
      db.all(db.query.selectFrom('child').select('name').orderBy('name')).map(({ name }) => name),
    addChild: (name, lastContact) =>
      db.transaction(() => {
        const insert = db.query
          .insertInto('child')
          .values({ name, revision: 0 })
          .onConflict((conflict) => conflict.doNothing());
        if (db.run(insert).changes === 0) return;
        putNode(name, { name, route: [name], lastContact });
        nextRevision();
      }),
    device: (deviceId) => {
      const row = db.get(byId.bind({ deviceId }));
      return row && fromRow(row);
    },
    save: (record) =>
      db.transaction(() => {
        const row = toRow(record, nextRevision());
        db.run(
          db.query
            .insertInto('device_below')
            .values(row)
            .onConflict((conflict) => conflict.column('device_id').doUpdateSet(row)),
        );
      }),
    forget: (deviceId) => {
      db.run(db.query.updateTable('device_below').set({ gone: 1 }).where('device_id', '=', deviceId));
    },
    markGone: (child, present) =>
      db.transaction(() => {
        // One parameter however many names: SQLite limits the number of parameters.
        const names = JSON.stringify(present);
        const absent = db.all(
          presentOf(child).where(sql<boolean>`device_id NOT IN (SELECT value FROM json_each(${names}))`),
        );
        for (const { device_id } of absent) {
          const change = { gone: 1, revision: nextRevision() };
          db.run(db.query.updateTable('device_below').set(change).where('device_id', '=', device_id));
        }
      }),
    count: (child) =>
      db.get(
        db.query
          .selectFrom('device_below')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('child', '=', child)
          .where('gone', '=', 0),
      )?.count ?? 0,
    changedSince: (since, limit) =>
      db.all(changed.bind({ since, limit })).map((row) => ({ ...fromRow(row), revision: row.revision })),
    replaceNodes: (child, nodes) =>
      db.transaction(() => {
        const before = JSON.stringify(nodesOf(child).map(({ route }) => route));
        db.run(db.query.deleteFrom('node_below').where('child', '=', child));
        for (const node of nodes) putNode(child, node);
        if (JSON.stringify(nodesOf(child).map(({ route }) => route)) !== before) nextRevision();
      }),
    // Of two that tell of it, the one that heard of it last is nearer to the truth.
    node: (name) => {
      const row = db.get(
        db.query
          .selectFrom('node_below')
          .selectAll()
          .where('name', '=', name)
          .orderBy('last_contact', 'desc')
          .limit(1),
      );
      return row && nodeFromRow(row);
    },
    nodes: () =>
      db.all(db.query.selectFrom('node_below').selectAll().orderBy('name').orderBy('child')).map(nodeFromRow),
  };
};

const toRow = (record: DeviceBelow, revision: number): DeviceRow => ({
  device_id: record.information.deviceId,
  information: JSON.stringify(record.information),
  child: record.route[0],
  route: JSON.stringify(record.route),
  active: record.active ? 1 : 0,
  gone: record.gone ? 1 : 0,
  last_contact: record.lastContact ?? null,
  revision,
});

const fromRow = (row: DeviceRow): DeviceBelow => ({
  information: JSON.parse(row.information) as device.DeviceInformation,
  route: JSON.parse(row.route) as [string, ...string[]],
  active: row.active === 1,
  gone: row.gone === 1,
  lastContact: row.last_contact === null ? undefined : Instant(row.last_contact),
});

const nodeFromRow = ({ name, route, last_contact }: NodeRow): NodeBelow => ({
  name,
  route: JSON.parse(route) as [string, ...string[]],
  lastContact: last_contact === null ? undefined : Instant(last_contact),
});
