import type { Migration } from '@postern/storage';
import type { Generated } from 'kysely';

/** The tables of an intermediary with others below it. Times are epoch milliseconds, structures are JSON. */
export interface CascadeSchema {
  /** Intermediaries below, and which revision of its devices each has told. */
  child: { name: string; revision: number };
  /** Devices below them; revisions are those of the whole list. */
  device_below: {
    device_id: string;
    information: string;
    /** The intermediary that tells of it: the first of the route. */
    child: string;
    route: string;
    active: number;
    gone: number;
    last_contact: number | null;
    revision: number;
  };
  /** Intermediaries below them. */
  node_below: { name: string; child: string; route: string; last_contact: number | null };
  /** What devices say where they are, of this site's and of those below. */
  placement: { device_id: string; signed: Uint8Array | null; sequence: number; away: number };
  /** Requests for those below; kept after their end, so that a late answer is recognised. */
  passing: {
    seq: Generated<number>;
    request_id: string;
    child: string;
    rest: string;
    target: string;
    kind: string;
    body: string | null;
    received_at: number;
    expires_at: number;
    ends_at: number;
    state: string;
  };
  passing_image: { request_id: string; sha256: string; length: number };
}

export const CASCADE_TABLES: Omit<Migration, 'version'> = {
  name: 'intermediaries below, what passes through to them, what devices say where they are',
  sql: `
      CREATE TABLE child (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE device_below (
        device_id TEXT PRIMARY KEY, information TEXT NOT NULL, child TEXT NOT NULL, route TEXT NOT NULL,
        active INTEGER NOT NULL, gone INTEGER NOT NULL, last_contact INTEGER, revision INTEGER NOT NULL) STRICT;
      CREATE INDEX device_below_by_revision ON device_below (revision);
      CREATE INDEX device_below_by_child ON device_below (child);
      CREATE TABLE node_below (
        name TEXT NOT NULL, child TEXT NOT NULL, route TEXT NOT NULL, last_contact INTEGER,
        PRIMARY KEY (name, child)) STRICT, WITHOUT ROWID;
      CREATE TABLE placement (
        device_id TEXT PRIMARY KEY, signed BLOB, sequence INTEGER NOT NULL, away INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE passing (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE, child TEXT NOT NULL,
        rest TEXT NOT NULL, target TEXT NOT NULL, kind TEXT NOT NULL, body TEXT, received_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
      CREATE INDEX passing_open ON passing (child, seq) WHERE state IN ('waiting', 'sent');
      CREATE INDEX passing_unanswered ON passing (child) WHERE state <> 'answered';
      CREATE INDEX passing_end ON passing (ends_at) WHERE state <> 'answered';
      CREATE INDEX passing_target ON passing (target) WHERE state <> 'answered';
      CREATE TABLE passing_image (
        request_id TEXT NOT NULL REFERENCES passing (request_id) ON DELETE CASCADE, sha256 TEXT NOT NULL,
        length INTEGER NOT NULL, PRIMARY KEY (sha256, request_id)) STRICT, WITHOUT ROWID;
    `,
};
