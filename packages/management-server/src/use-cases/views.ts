import type { device, types, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import { type ManifestComponent, type OrderOrigin, STEPS, type StepId } from '@postern/software-update';
import type {
  AuditRecord,
  CounterRecord,
  DeviceRecord,
  JournalRecord,
  SoftwareRecord,
  UpdateRecord,
} from '../domain/records.ts';
import type { UpdateState } from '../domain/update-state.ts';
import { GAP_MEANINGS } from './gap-meanings.ts';

/** One page of a list; `next` goes into `after` for the following page and is null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** A device as operators see it. Times are ISO 8601 in UTC; what is not known is null. */
export interface DeviceView {
  readonly id: string;
  readonly model: string;
  readonly components: readonly types.ComponentVersion[];
  readonly serialNumber: string | null;
  readonly profile: string | null;
  readonly bulkPathKind: types.BulkPathKind;
  readonly securePath: types.Endpoint | null;
  readonly bulkPath: types.Endpoint | null;
  /** Where it takes what needs no secrecy. */
  readonly plainPath: types.Endpoint | null;
  /** Whether its version reports bear an authentication code. */
  readonly authenticatedReports: boolean | null;
  /** What a signed time has to answer; null for a device with a clock. */
  readonly freshnessNonce: string | null;
  readonly intermediary: string;
  readonly route: readonly string[];
  readonly active: boolean | null;
  readonly present: boolean;
  readonly lastContact: string | null;
  readonly changedAt: string;
  readonly intermediaryLastSeen: string | null;
  /** As they were read last; in a list of devices null. */
  readonly counters: readonly CounterView[] | null;
}

/** A counter as it was read last. */
export interface CounterView {
  readonly name: string;
  readonly value: number;
  /** When the device was asked, by the clock of its site. */
  readonly at: string;
}

/** Something that was refused at the uplink. */
export interface AuditView {
  readonly at: string;
  readonly code: string;
  /** An intermediary's name, or the identity of another caller. */
  readonly caller: string;
  /** What it was about: a device, a request, an operation. */
  readonly subject: string;
}

/** A registered software package. */
export interface SoftwareView {
  readonly id: string;
  readonly software: string;
  readonly model: string;
  readonly expires: string;
  readonly components: readonly ManifestComponent[];
  readonly registeredAt: string;
}

/** An update and how far it is. */
export interface UpdateView {
  readonly id: string;
  readonly deviceId: string;
  readonly intermediary: string;
  /** `server`: here. Else at the site: `panel`, `operation-port` or `schedule`. */
  readonly orderedBy: OrderOrigin;
  /** Null for an update that the site ordered. */
  readonly softwareId: string | null;
  readonly software: string | null;
  /** What the order wanted otherwise than the site's configuration. */
  readonly policy: device.UpdatePolicy;
  /** What is to be installed; empty where the site ordered. */
  readonly versions: readonly types.ComponentVersion[];
  readonly state: UpdateState;
  /** The updater's phase. */
  readonly phase: string | null;
  readonly progress: uplink.Progress | null;
  readonly cancelRequested: boolean;
  readonly orderedAt: string;
  readonly deadline: string | null;
  readonly finishedAt: string | null;
  readonly assurance: device.Assurance | null;
  /** What the update did without; null before its end. */
  readonly gaps: readonly GapView[] | null;
  /** What became of the one-time password at the device. */
  readonly credential: device.CredentialEnd | null;
  /** What the device said last that it runs. */
  readonly reported: readonly types.ComponentVersion[];
  readonly failure: types.Failure | null;
}

/** Something that an update did without. */
export interface GapView {
  readonly gap: device.AssuranceGap;
  readonly meaning: string;
}

/** A line of an update's journal, with the title of its step. */
export interface StepView {
  readonly sequence: number;
  readonly step: string;
  readonly title: string | null;
  readonly path: device.Path;
  readonly direction: device.Direction;
  readonly at: string;
  readonly outcome: device.StepOutcome;
  readonly code: string | null;
  readonly detail: string | null;
}

export const time = (at: Instant): string => new Date(at).toISOString();
export const timeOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : time(at));

export const deviceView = (
  record: DeviceRecord,
  intermediaryLastSeen: Instant | undefined,
  counters?: readonly CounterRecord[],
): DeviceView => ({
  id: record.information.deviceId,
  model: record.information.model,
  components: record.information.components.item,
  serialNumber: record.information.serialNumber ?? null,
  profile: record.information.profile ?? null,
  bulkPathKind: record.information.bulkPathKind,
  securePath: record.information.securePath ?? null,
  bulkPath: record.information.bulkPath ?? null,
  plainPath: record.information.plainPath ?? null,
  authenticatedReports: record.information.authenticatedReports ?? null,
  freshnessNonce: record.information.freshnessNonce ?? null,
  intermediary: record.intermediary,
  route: record.route,
  active: record.active ?? null,
  present: record.present,
  lastContact: timeOrNull(record.lastContact),
  changedAt: time(record.changedAt),
  intermediaryLastSeen: timeOrNull(intermediaryLastSeen),
  counters: counters?.map(({ name, value, at }) => ({ name, value, at: time(at) })) ?? null,
});

export const auditView = ({ at, code, caller, subject }: AuditRecord): AuditView => ({
  at: time(at),
  code,
  caller,
  subject,
});

export const softwareView = ({ id, manifest, registeredAt }: SoftwareRecord): SoftwareView => ({
  id,
  software: manifest.software,
  model: manifest.model,
  expires: time(manifest.expires),
  components: manifest.components,
  registeredAt: time(registeredAt),
});

export const updateView = (
  record: UpdateRecord,
  software: SoftwareRecord | undefined,
  progress: uplink.Progress | undefined,
): UpdateView => ({
  id: record.id,
  deviceId: record.deviceId,
  intermediary: record.intermediary,
  orderedBy: record.orderedBy,
  softwareId: record.softwareId ?? null,
  software: software?.manifest.software ?? record.result?.software ?? null,
  policy: record.policy ?? {},
  versions: software?.manifest.components.map(({ name, version }) => ({ component: name, version })) ?? [],
  state: record.state,
  phase: record.phase ?? null,
  progress: progress ?? null,
  cancelRequested: record.cancelRequested,
  orderedAt: time(record.orderedAt),
  deadline: record.orderedBy === 'server' ? time(record.deadline) : null,
  finishedAt: timeOrNull(record.finishedAt),
  assurance: record.result?.assurance ?? null,
  gaps: record.result?.gaps?.map((gap) => ({ gap, meaning: GAP_MEANINGS[gap] })) ?? null,
  credential: record.result?.credential ?? null,
  reported: record.result?.components ?? [],
  failure: record.result?.failure ?? null,
});

export const stepView = (record: JournalRecord): StepView => ({
  sequence: record.sequence,
  step: record.step,
  title: isStep(record.step) ? STEPS[record.step].title : null,
  path: record.path,
  direction: record.direction,
  at: time(record.at),
  outcome: record.outcome,
  code: record.code ?? null,
  detail: record.detail ?? null,
});

const isStep = (step: string): step is StepId => Object.hasOwn(STEPS, step);
