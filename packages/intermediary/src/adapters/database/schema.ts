import type { Migration } from '@postern/storage';
import type { Generated } from 'kysely';
import type { CallState } from '../../domain/below/call-life.ts';
import { CASCADE_TABLES, type CascadeSchema } from './cascade-schema.ts';

/** The tables of an intermediary's database. Times are epoch milliseconds, structures are JSON. */
export interface IntermediarySchema extends CascadeSchema {
  /** One row: how often the list of devices has changed. */
  revision: { devices: number };
  device: {
    device_id: string;
    information: string;
    /** Where the device registered from. */
    address: string;
    /** Revision of the list of devices at which it changed last. */
    revision: number;
    last_contact: number;
    /** 1 once it has taken a password on its word to check the manifest, and to authenticate reports. */
    manifest_checked: Generated<number>;
    reports_authenticated: Generated<number>;
    /** 1 once it was released, until it is adopted again. */
    released: Generated<number>;
  };
  /** Devices that were found and not adopted. */
  candidate: {
    seq: Generated<number>;
    device_id: string;
    information: string;
    /** Where it registered from, or was found at. */
    address: string;
    found_by: string;
    found_at: number;
  };
  /** Every request that came down: whoever is in here is not carried out again. */
  request: {
    seq: Generated<number>;
    request_id: string;
    target: string;
    kind: string;
    expires_at: number;
    /** 0 until its answer is in the outbox. */
    answered: number;
    /** What it says, until it is answered; null for what is kept elsewhere. */
    body: string | null;
    body_bytes: Generated<number>;
    /** 1 while a call that changes something may have reached the device. */
    begun: Generated<number>;
  };
  /** Answers that the server has not acknowledged. */
  outbox: { seq: Generated<number>; request_id: string; at: number; body: string };
  job: {
    seq: Generated<number>;
    job_id: string;
    device_id: string;
    updater_id: string;
    signed_manifest: Uint8Array;
    manifest: string;
    deadline: number;
    policy: string;
    scheme: string;
    phase: string;
    state: string;
    /** 1 once an operator has cancelled it. */
    cancelled: number;
    /** Where the device moved its bulk path after the credential was shared; said on the secure path. */
    moved_to: string | null;
    /** What the device is told along with the manifest: signed records, in base64. */
    key_rotations: string | null;
    signed_time: Uint8Array | null;
  };
  journal: {
    job_id: string;
    sequence: number;
    at: number;
    step: string;
    outcome: string;
    code: string | null;
    detail: string | null;
  };
  /** Software that orders at the site may install. */
  shelf: {
    seq: Generated<number>;
    /** SHA-256 of the signed manifest. */
    id: string;
    signed_manifest: Uint8Array;
    manifest: string;
    source: string;
    added_at: number;
  };
  /** Software that a request wants on the shelf and whose images are on their way. */
  shelf_fetch: { request_id: string; signed_manifest: Uint8Array; manifest: string };
  /** Key rotations that were followed, complete from sequence 1 on. */
  key_rotation: { sequence: number; record: Uint8Array };
  /** What goes up on the site's own accord and was not answered yet. */
  delivery: {
    seq: Generated<number>;
    delivery_id: string;
    device_id: string;
    body: string;
    /** When it came; null in what an earlier release stored. */
    at: number | null;
    /** What the device was told in the meantime. */
    answered_as: string | null;
    /** The intermediaries below that it came through, the first one first; a list of names. */
    route: Generated<string>;
    /** 1 for a report on what was dropped, which goes before all others. */
    report: Generated<number>;
  };
  /** What was dropped and not yet reported. */
  delivery_dropped: { kind: string; count: number; since: number };
  /** The latest of what devices said. */
  said: {
    seq: Generated<number>;
    delivery_id: string;
    device_id: string;
    kind: string;
    /** The device's own identifier of it. */
    own_id: string;
    /** SHA-256 of what it said. */
    content: string;
    /** The intermediary below that brought it. */
    below: string | null;
    state: CallState;
    at: number;
    told: string | null;
    answer: string | null;
  };
  /** What was set while the intermediary ran. */
  setting: { name: string; value: number };
  /** At most one row: the entries that were set in place of the configured ones. */
  schedule: { entries: string };
  /** When a scheduled task is due next. */
  schedule_due: { task: string; expression: string; due: number };
  /** Up to where the log of a device is collected. */
  log_mark: { device_id: string; at: number; entries: number };
  /** Mails that were taken and are not too old yet. */
  mail: { message_id: string; forget_at: number };
  /** One row for each list that was ever in use. */
  password_list: {
    list: string;
    device_id: string;
    user_name: string;
    size: number;
    /** The first entry that is not used up; only ever rises. */
    position: number;
    /** 1 for the list in use of its device. */
    current: number;
  };
  /** Entries that are not used up, of lists in use. */
  password_list_entry: { list: string; entry: number; password: string; report_key: string };
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'devices, requests, updates',
    sql: `
      CREATE TABLE revision (devices INTEGER NOT NULL);
      INSERT INTO revision VALUES (0);
      CREATE TABLE device (
        device_id TEXT PRIMARY KEY, information TEXT NOT NULL, address TEXT NOT NULL,
        revision INTEGER NOT NULL, last_contact INTEGER NOT NULL) STRICT;
      CREATE INDEX device_by_revision ON device (revision);
      CREATE TABLE request (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE, target TEXT NOT NULL,
        kind TEXT NOT NULL, expires_at INTEGER NOT NULL, answered INTEGER NOT NULL) STRICT;
      CREATE INDEX request_open ON request (seq) WHERE answered = 0;
      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
        body TEXT NOT NULL) STRICT;
      CREATE TABLE job (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL UNIQUE, device_id TEXT NOT NULL,
        updater_id TEXT NOT NULL, signed_manifest BLOB NOT NULL, manifest TEXT NOT NULL, deadline INTEGER NOT NULL,
        policy TEXT NOT NULL, phase TEXT NOT NULL, state TEXT NOT NULL, cancelled INTEGER NOT NULL,
        moved_to TEXT) STRICT;
      CREATE INDEX job_open ON job (device_id) WHERE phase <> 'finished';
      CREATE TABLE journal (
        job_id TEXT NOT NULL REFERENCES job (job_id) ON DELETE CASCADE, sequence INTEGER NOT NULL,
        at INTEGER NOT NULL, step TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT, detail TEXT,
        PRIMARY KEY (job_id, sequence)) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    name: 'schemes',
    // Updates that were begun before there was a choice ran by the default scheme.
    sql: `
      ALTER TABLE job ADD COLUMN scheme TEXT NOT NULL DEFAULT
        '{"credential":"one-time-password","orderedBy":"server","passwordGenerator":"updater","eraser":"updater","invalidation":"overwrite-random","tls":"mutual","bulkPathKind":"ftp"}';
    `,
  },
  {
    version: 3,
    name: 'shelf, key rotations, deliveries, schedule',
    sql: `
      CREATE TABLE shelf (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, signed_manifest BLOB NOT NULL,
        manifest TEXT NOT NULL, source TEXT NOT NULL, added_at INTEGER NOT NULL) STRICT;
      CREATE TABLE shelf_fetch (
        request_id TEXT PRIMARY KEY, signed_manifest BLOB NOT NULL, manifest TEXT NOT NULL) STRICT;
      CREATE TABLE key_rotation (sequence INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
      CREATE TABLE delivery (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id TEXT NOT NULL UNIQUE, device_id TEXT NOT NULL,
        body TEXT NOT NULL) STRICT;
      CREATE TABLE schedule (entries TEXT NOT NULL) STRICT;
      CREATE TABLE schedule_due (
        task TEXT NOT NULL, expression TEXT NOT NULL, due INTEGER NOT NULL,
        PRIMARY KEY (task, expression)) STRICT;
    `,
  },
  {
    version: 4,
    name: 'password lists, what a device is told along with a manifest',
    sql: `
      ALTER TABLE job ADD COLUMN key_rotations TEXT;
      ALTER TABLE job ADD COLUMN signed_time BLOB;
      CREATE TABLE password_list (
        list TEXT PRIMARY KEY, device_id TEXT NOT NULL, user_name TEXT NOT NULL, size INTEGER NOT NULL,
        position INTEGER NOT NULL, current INTEGER NOT NULL) STRICT;
      CREATE UNIQUE INDEX password_list_current ON password_list (device_id) WHERE current = 1;
      CREATE TABLE password_list_entry (
        list TEXT NOT NULL REFERENCES password_list (list), entry INTEGER NOT NULL, password TEXT NOT NULL,
        report_key TEXT NOT NULL, PRIMARY KEY (list, entry)) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 5,
    name: 'what devices have once done for an update',
    sql: `
      ALTER TABLE device ADD COLUMN manifest_checked INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE device ADD COLUMN reports_authenticated INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    version: 6,
    name: 'devices that were found, and those that were released',
    sql: `
      ALTER TABLE device ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE candidate (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, device_id TEXT NOT NULL UNIQUE, information TEXT NOT NULL,
        address TEXT NOT NULL, found_by TEXT NOT NULL, found_at INTEGER NOT NULL) STRICT;
    `,
  },
  {
    version: 7,
    name: 'what devices say on their own accord, what was dropped of it',
    sql: `
      ALTER TABLE delivery ADD COLUMN at INTEGER;
      ALTER TABLE delivery ADD COLUMN answered_as TEXT;
      ALTER TABLE delivery ADD COLUMN route TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE delivery ADD COLUMN report INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX delivery_turn ON delivery (report DESC, seq);
      CREATE TABLE delivery_dropped (
        kind TEXT PRIMARY KEY, count INTEGER NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE said (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id TEXT NOT NULL UNIQUE, device_id TEXT NOT NULL,
        kind TEXT NOT NULL, own_id TEXT NOT NULL, content TEXT NOT NULL, below TEXT, state TEXT NOT NULL,
        at INTEGER NOT NULL, told TEXT, answer TEXT) STRICT;
      CREATE INDEX said_by_device ON said (device_id, seq);
      CREATE INDEX said_open ON said (state) WHERE state IN ('waiting', 'failed-told', 'deferred', 'late');
    `,
  },
  {
    version: 8,
    name: 'mail',
    sql: `
      CREATE TABLE mail (message_id TEXT PRIMARY KEY, forget_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX mail_by_age ON mail (forget_at);
    `,
  },
  {
    version: 9,
    name: 'what requests say, and how far they have come',
    sql: `
      ALTER TABLE request ADD COLUMN body_bytes INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE request ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE request ADD COLUMN body TEXT;
    `,
  },
  { version: 10, ...CASCADE_TABLES },
  {
    version: 11,
    name: 'settings',
    sql: `
      CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 12,
    name: 'how far logs are collected',
    sql: `
      CREATE TABLE log_mark (
        device_id TEXT PRIMARY KEY, at INTEGER NOT NULL, entries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
  },
];
