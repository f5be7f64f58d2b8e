import type { Migration } from '@postern/storage';

/** The history of the server's schema. Times are epoch milliseconds, booleans 0 and 1. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'devices, software, updates, requests',
    sql: `
      CREATE TABLE site (
        name TEXT PRIMARY KEY,
        devices_revision INTEGER,
        last_seen INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE device (
        name TEXT PRIMARY KEY,
        intermediary TEXT NOT NULL,
        information TEXT NOT NULL,
        route TEXT NOT NULL,
        active INTEGER,
        present INTEGER NOT NULL,
        last_contact INTEGER,
        changed_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX device_by_intermediary ON device (intermediary);

      CREATE TABLE software (
        id TEXT PRIMARY KEY,
        payload_sha256 TEXT NOT NULL,
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        manifest TEXT NOT NULL,
        signed_manifest BLOB NOT NULL,
        registered_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX software_by_name ON software (name, model);
      CREATE TABLE software_image (
        sha256 TEXT NOT NULL,
        software_id TEXT NOT NULL REFERENCES software (id),
        PRIMARY KEY (sha256, software_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE software_update (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        device_id TEXT NOT NULL,
        intermediary TEXT NOT NULL,
        software_id TEXT NOT NULL REFERENCES software (id),
        state TEXT NOT NULL,
        phase TEXT,
        ordered_at INTEGER NOT NULL,
        deadline INTEGER NOT NULL,
        finished_at INTEGER,
        cancel_requested INTEGER NOT NULL,
        result TEXT,
        order_key TEXT UNIQUE,
        deadline_seconds INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX open_update_of_device ON software_update (device_id) WHERE finished_at IS NULL;
      CREATE INDEX update_by_device ON software_update (device_id, sequence);
      CREATE INDEX open_update_by_software ON software_update (software_id, intermediary) WHERE finished_at IS NULL;
      CREATE INDEX unfetched_update ON software_update (deadline) WHERE state = 'ordered';
      CREATE INDEX finished_update ON software_update (sequence) WHERE finished_at IS NOT NULL;

      CREATE TABLE request (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        intermediary TEXT NOT NULL,
        kind TEXT NOT NULL,
        update_id TEXT NOT NULL REFERENCES software_update (id) ON DELETE CASCADE,
        expires_at INTEGER NOT NULL,
        sent INTEGER NOT NULL,
        state TEXT NOT NULL,
        answered INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX open_request ON request (intermediary, sequence) WHERE state = 'open';
      CREATE INDEX request_by_update ON request (update_id);

      CREATE TABLE journal (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        update_id TEXT NOT NULL REFERENCES software_update (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        step TEXT NOT NULL,
        path TEXT NOT NULL,
        direction TEXT NOT NULL,
        at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        code TEXT,
        detail TEXT,
        UNIQUE (update_id, sequence)
      ) STRICT;

      CREATE TABLE notice (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        intermediary TEXT NOT NULL,
        delivery_id TEXT NOT NULL,
        device_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        content TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (intermediary, delivery_id)
      ) STRICT;

      CREATE TABLE audit (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        code TEXT NOT NULL,
        caller TEXT NOT NULL,
        subject TEXT NOT NULL
      ) STRICT;
    `,
  },
];
