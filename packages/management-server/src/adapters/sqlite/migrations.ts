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
  {
    version: 2,
    name: 'updates ordered at sites, requests about other things than updates, key rotations',
    // Columns that become optional need new tables. Their references follow the renaming, and nothing refers to the old
    // ones any more when they are dropped: dropping them would delete what does.
    sql: `
      CREATE TABLE software_update_2 (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        device_id TEXT NOT NULL,
        intermediary TEXT NOT NULL,
        ordered_by TEXT NOT NULL,
        software_id TEXT REFERENCES software (id),
        policy TEXT,
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
      INSERT INTO software_update_2
        SELECT sequence, id, device_id, intermediary, 'server', software_id, NULL, state, phase, ordered_at, deadline,
          finished_at, cancel_requested, result, order_key, deadline_seconds
        FROM software_update;

      CREATE TABLE request_2 (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        intermediary TEXT NOT NULL,
        kind TEXT NOT NULL,
        target TEXT NOT NULL,
        update_id TEXT REFERENCES software_update_2 (id) ON DELETE CASCADE,
        software_id TEXT REFERENCES software (id),
        ordered_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        sent INTEGER NOT NULL,
        state TEXT NOT NULL,
        answered INTEGER NOT NULL,
        answered_at INTEGER,
        answer TEXT
      ) STRICT;
      INSERT INTO request_2
        SELECT request.sequence, request.id, request.intermediary, kind, device_id, update_id, NULL, ordered_at, expires_at,
          sent, request.state, answered, NULL, NULL
        FROM request JOIN software_update ON software_update.id = request.update_id;

      CREATE TABLE journal_2 (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        update_id TEXT NOT NULL REFERENCES software_update_2 (id) ON DELETE CASCADE,
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
      INSERT INTO journal_2
        SELECT position, update_id, sequence, step, path, direction, at, outcome, code, detail FROM journal;

      DROP TABLE journal;
      DROP TABLE request;
      DROP TABLE software_update;
      ALTER TABLE software_update_2 RENAME TO software_update;
      ALTER TABLE request_2 RENAME TO request;
      ALTER TABLE journal_2 RENAME TO journal;

      CREATE UNIQUE INDEX open_update_of_device ON software_update (device_id) WHERE finished_at IS NULL;
      CREATE INDEX update_by_device ON software_update (device_id, sequence);
      CREATE INDEX open_update_by_software ON software_update (software_id, intermediary) WHERE finished_at IS NULL;
      CREATE INDEX unfetched_update ON software_update (deadline) WHERE state = 'ordered';
      CREATE INDEX finished_update ON software_update (sequence) WHERE finished_at IS NOT NULL;
      CREATE INDEX open_request ON request (intermediary, sequence) WHERE state = 'open';
      CREATE INDEX request_by_update ON request (update_id);
      CREATE INDEX request_by_software ON request (software_id, intermediary) WHERE software_id IS NOT NULL;
      CREATE INDEX request_of_site ON request (intermediary, sequence) WHERE update_id IS NULL;

      CREATE TABLE key_rotation (
        sequence INTEGER PRIMARY KEY,
        signed BLOB NOT NULL,
        accepted_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 3,
    name: 'intermediaries below others, what devices say where they are',
    sql: `
      CREATE TABLE site_below (
        name TEXT NOT NULL,
        via TEXT NOT NULL,
        route TEXT NOT NULL,
        last_contact INTEGER,
        PRIMARY KEY (name, via)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE device_placement (
        device TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        signed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 4,
    name: 'requests to devices and intermediaries, counters',
    sql: `
      CREATE TABLE request_order (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        via TEXT NOT NULL,
        targets INTEGER NOT NULL,
        ordered_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        order_key TEXT UNIQUE,
        content_sha256 TEXT
      ) STRICT;

      DROP INDEX open_request;
      ALTER TABLE request ADD COLUMN order_id TEXT REFERENCES request_order (id);
      ALTER TABLE request ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE request ADD COLUMN phase TEXT;
      ALTER TABLE request ADD COLUMN ended_at INTEGER;
      ALTER TABLE request ADD COLUMN reason TEXT;
      UPDATE request SET ended_at = coalesce(answered_at, expires_at) WHERE state = 'closed';
      UPDATE request SET state = CASE
        WHEN state = 'open' THEN iif(sent, 'sent', 'waiting')
        WHEN state = 'taken' THEN 'taken'
        WHEN answered THEN iif(answer ->> '$.kind' = 'Failure', 'refused', 'answered')
        WHEN update_id IS NULL THEN 'expired'
        ELSE 'withdrawn' END;
      CREATE INDEX open_request ON request (intermediary, place, sequence) WHERE state IN ('waiting', 'sent');
      CREATE INDEX unended_request ON request (expires_at) WHERE update_id IS NULL AND ended_at IS NULL;
      CREATE INDEX unended_request_of_site ON request (intermediary) WHERE update_id IS NULL AND ended_at IS NULL;
      CREATE INDEX request_by_order ON request (order_id, sequence) WHERE order_id IS NOT NULL;
      CREATE INDEX request_by_target ON request (target, sequence) WHERE update_id IS NULL;

      CREATE TABLE device_counter (
        device TEXT PRIMARY KEY,
        counters TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 5,
    name: 'requests that go down by mail',
    sql: `
      CREATE TABLE mail_outbox (
        request_id TEXT PRIMARY KEY REFERENCES request (id) ON DELETE CASCADE,
        tries INTEGER NOT NULL,
        due_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX due_mail ON mail_outbox (due_at);
    `,
  },
  {
    version: 6,
    name: 'calls that wait for an answer, answers that wait for their site',
    sql: `
      ALTER TABLE notice ADD COLUMN route TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE notice ADD COLUMN site_at INTEGER;
      ALTER TABLE notice ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE notice ADD COLUMN state TEXT NOT NULL DEFAULT 'noted';
      ALTER TABLE notice ADD COLUMN outcome TEXT;
      ALTER TABLE notice ADD COLUMN text TEXT;
      ALTER TABLE notice ADD COLUMN answered_at INTEGER;
      CREATE INDEX notice_by_device ON notice (device_id, sequence);
      CREATE INDEX open_notice ON notice (intermediary, sequence) WHERE state = 'open';
      CREATE INDEX deferred_notice ON notice (intermediary, sequence) WHERE state = 'deferred';
    `,
  },
  {
    version: 7,
    name: 'requests for a certain place',
    sql: 'ALTER TABLE request ADD COLUMN at TEXT;',
  },
];
