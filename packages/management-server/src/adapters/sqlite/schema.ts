import type { device, uplink } from '@postern/contracts';
import type { OrderOrigin } from '@postern/software-update';
import type { Database } from '@postern/storage';
import type { Generated } from 'kysely';
import type { NoticeState } from '../../domain/notices/notice-state.ts';
import type { AuditRecord, OrderRecord, RequestKind, RequestRecord } from '../../domain/records.ts';
import type { UpdateState } from '../../domain/update-state.ts';

/** The tables of `migrations.ts` as Kysely types. Times are epoch milliseconds, booleans 0 and 1. */
export interface Schema {
  site: SiteTable;
  site_below: SiteBelowTable;
  device: DeviceTable;
  device_placement: { device: string; sequence: number; signed: Uint8Array };
  software: SoftwareTable;
  key_rotation: { sequence: number; signed: Uint8Array; accepted_at: number };
  software_image: { sha256: string; software_id: string };
  software_update: UpdateTable;
  request: RequestTable;
  request_order: OrderTable;
  device_counter: { device: string; counters: string };
  mail_outbox: { request_id: string; tries: number; due_at: number };
  journal: JournalTable;
  notice: NoticeTable;
  audit: AuditTable;
}

export type ServerDatabase = Database<Schema>;

export interface SiteTable {
  name: string;
  devices_revision: number | null;
  last_seen: number | null;
}

export interface SiteBelowTable {
  name: string;
  via: string;
  /** JSON list of names. */
  route: string;
  last_contact: number | null;
}

export interface DeviceTable {
  name: string;
  intermediary: string;
  /** JSON. */
  information: string;
  /** JSON list of names. */
  route: string;
  active: number | null;
  present: number;
  last_contact: number | null;
  changed_at: number;
}

export interface SoftwareTable {
  id: string;
  payload_sha256: string;
  name: string;
  model: string;
  /** JSON. */
  manifest: string;
  signed_manifest: Uint8Array;
  registered_at: number;
}

export interface UpdateTable {
  sequence: Generated<number>;
  id: string;
  device_id: string;
  intermediary: string;
  ordered_by: OrderOrigin;
  software_id: string | null;
  /** JSON. */
  policy: string | null;
  state: UpdateState;
  phase: string | null;
  ordered_at: number;
  deadline: number;
  finished_at: number | null;
  cancel_requested: number;
  /** JSON. */
  result: string | null;
  order_key: string | null;
  deadline_seconds: number | null;
}

export interface RequestTable {
  sequence: Generated<number>;
  id: string;
  intermediary: string;
  kind: RequestKind;
  target: string;
  at: string | null;
  /** One of these, as the kind says. */
  update_id: string | null;
  software_id: string | null;
  order_id: string | null;
  ordered_at: number;
  expires_at: number;
  place: number;
  sent: number;
  state: RequestRecord['state'];
  phase: string | null;
  ended_at: number | null;
  reason: NonNullable<RequestRecord['reason']> | null;
  answered: number;
  answered_at: number | null;
  /** JSON. */
  answer: string | null;
}

export interface OrderTable {
  sequence: Generated<number>;
  id: string;
  kind: OrderRecord['body']['kind'];
  /** JSON. */
  body: string;
  via: OrderRecord['via'];
  targets: number;
  ordered_at: number;
  expires_at: number;
  order_key: string | null;
  content_sha256: string | null;
}

export interface JournalTable {
  position: Generated<number>;
  update_id: string;
  sequence: number;
  step: string;
  path: device.Path;
  direction: device.Direction;
  at: number;
  outcome: device.StepOutcome;
  code: string | null;
  detail: string | null;
}

export interface NoticeTable {
  sequence: Generated<number>;
  intermediary: string;
  delivery_id: string;
  device_id: string;
  kind: uplink.DeliverBody['kind'];
  /** JSON. */
  content: string;
  /** JSON list of names. */
  route: Generated<string>;
  at: number;
  site_at: number | null;
  missed: Generated<number>;
  state: Generated<NoticeState>;
  outcome: device.Outcome | null;
  text: string | null;
  answered_at: number | null;
}

export interface AuditTable {
  sequence: Generated<number>;
  at: number;
  code: AuditRecord['code'];
  caller: string;
  subject: string;
}
