import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { PlacementRecord } from '@postern/pki';
import type { NoticeStore } from './notices/records.ts';
import type {
  AuditRecord,
  CounterRecord,
  DeviceRecord,
  JournalRecord,
  KeyRotationRecord,
  OrderRecord,
  RequestKind,
  RequestRecord,
  SoftwareRecord,
  UpdateRecord,
} from './records.ts';
import type { RequestState } from './requests/request-state.ts';

/** What the rules need of a database. Synchronous: what is read in a transaction is still true when it writes. */
export interface Stores {
  readonly devices: DeviceStore;
  readonly software: SoftwareStore;
  readonly keyRotations: KeyRotationStore;
  readonly updates: UpdateStore;
  readonly requests: RequestStore;
  readonly orders: OrderStore;
  readonly mailOutbox: MailOutboxStore;
  readonly counters: CounterStore;
  readonly journal: JournalStore;
  readonly sites: SiteStore;
  readonly sitesBelow: SitesBelowStore;
  readonly placements: PlacementStore;
  readonly notices: NoticeStore;
  readonly audit: AuditLog;
  /** Commits everything that `work` wrote, durably, or nothing of it when it throws. */
  transaction<Result>(work: () => Result): Result;
}

/** A page of a list. `after` is the key of the last item of the page before. */
export interface PageRequest {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface DeviceStore {
  find(deviceId: string): DeviceRecord | undefined;
  /** By name. */
  page(page: PageRequest & DeviceSelector): DeviceRecord[];
  /** How many names an intermediary holds. */
  count(intermediary: string): number;
  /** Devices that are present and not released, by name. */
  select(selector: DeviceSelector, limit: number): DeviceRecord[];
  save(record: DeviceRecord): void;
  /** Marks the devices of `intermediary` that are not among `names` as no longer present. */
  markAbsent(intermediary: string, names: readonly string[], at: Instant): void;
}

/** All devices of which everything that is named here is true. */
export interface DeviceSelector {
  /** Below it, at whatever depth. */
  readonly intermediary?: string | undefined;
  readonly model?: string | undefined;
  readonly profile?: string | undefined;
}

export interface SoftwareStore {
  find(id: string): SoftwareRecord | undefined;
  /** By identifier. */
  page(page: PageRequest): SoftwareRecord[];
  /** All packages of a name for a model. */
  named(name: string, model: string): SoftwareRecord[];
  add(record: SoftwareRecord): void;
  /** Replaces the signed manifest of a package by one of the same payload. */
  saveSignatures(record: SoftwareRecord): void;
  /** Whether an open update or fetch of `intermediary` takes this image. */
  needsImage(intermediary: string, sha256: string): boolean;
}

export interface KeyRotationStore {
  /** Oldest first. */
  all(): KeyRotationRecord[];
  add(record: KeyRotationRecord): void;
}

/** What an order was made with, so that its repetition is recognised. */
export interface OrderKey {
  readonly key: string;
  readonly deviceId: string;
  readonly softwareId: string;
  readonly deadlineSeconds: number;
  readonly policy: device.UpdatePolicy | undefined;
}

export interface UpdateStore {
  find(id: string): UpdateRecord | undefined;
  /** The open update of a device. */
  findOpen(deviceId: string): UpdateRecord | undefined;
  /** The update that was ordered under an Idempotency-Key. */
  findOrder(key: string): { readonly order: OrderKey; readonly updateId: string } | undefined;
  /** Newest first. */
  page(page: PageRequest & { readonly deviceId?: string | undefined }): UpdateRecord[];
  add(record: UpdateRecord, order: OrderKey | undefined): void;
  save(record: UpdateRecord): void;
  /** Updates that nobody fetched and whose deadline is not after `now`. */
  overdue(now: Instant): UpdateRecord[];
  /** The nearest deadline among the updates that nobody fetched. */
  nextDeadline(): Instant | undefined;
  /** Keeps the newest `updates` finished updates, and the journals of the newest `journals` of them. */
  prune(keep: { readonly updates: number; readonly journals: number }): void;
}

export interface RequestStore {
  find(id: string): RequestRecord | undefined;
  /** The requests that wait for a poll of an intermediary or its receipt, those of lower place first, then the oldest. */
  open(intermediary: string, limit: number): RequestRecord[];
  /** Those of them that free room there: cancellations of updates that it has acknowledged. */
  openUrgent(intermediary: string, limit: number): RequestRecord[];
  /** Those for a target that have not been in a poll answer and have not ended. */
  unsent(target: string): RequestRecord[];
  /** Requests about an update other than the order itself. */
  ofUpdate(updateId: string): RequestRecord[];
  /** The newest fetch of a software by an intermediary that has not ended. */
  findFetch(target: string, softwareId: string): RequestRecord | undefined;
  /** Requests that are about no update, newest first, without their answers where these are long. */
  page(page: PageRequest & RequestFilter): RequestRecord[];
  /** Requests about no update that nobody fetched by `now`, or of which a site has told nothing by `silentSince`. */
  overdue(now: Instant, silentSince: Instant): RequestRecord[];
  /** The nearest deadlines of requests about no update: of those that nobody fetched, and of those that went down. */
  nextDeadlines(): { readonly waiting: Instant | undefined; readonly sent: Instant | undefined };
  /** How many requests about no update of an intermediary have not ended. */
  countOpen(intermediary: string): number;
  /** The intermediaries that have open requests. */
  waiting(): string[];
  add(record: RequestRecord): void;
  save(record: RequestRecord): void;
  /** Of the requests about no update, keeps the newest `keep` ended ones. */
  prune(keep: number): void;
}

/** What is absent is not asked for. */
export interface RequestFilter {
  readonly order?: string | undefined;
  readonly target?: string | undefined;
  readonly intermediary?: string | undefined;
  readonly kind?: RequestKind | undefined;
  readonly state?: RequestState | undefined;
}

/** An Idempotency-Key, and the SHA-256 of what was ordered under it. */
export interface OrderFingerprint {
  readonly key: string;
  readonly contentSha256: string;
}

export interface OrderStore {
  find(id: string): OrderRecord | undefined;
  /** The order that was given under an Idempotency-Key. */
  findKey(key: string): { readonly order: OrderRecord; readonly contentSha256: string } | undefined;
  add(record: OrderRecord, fingerprint: OrderFingerprint | undefined): void;
  /** How many of its requests that are still kept are in which state. */
  states(id: string): ReadonlyMap<RequestState, number>;
  /** Forgets orders of whose requests none is kept any more. */
  prune(): void;
}

/** A request that is to go down by mail and was not given to the relay yet. */
export interface OutgoingMail {
  readonly requestId: string;
  /** How often it was tried. */
  readonly tries: number;
  /** When it is tried next. */
  readonly dueAt: Instant;
}

export interface MailOutboxStore {
  /** The one that is due first. */
  first(): OutgoingMail | undefined;
  /** Adds one, or replaces it. */
  save(mail: OutgoingMail): void;
  remove(requestId: string): void;
}

export interface CounterStore {
  /** The counters of a device as they were read last, by name. */
  find(deviceId: string): readonly CounterRecord[];
  save(deviceId: string, counters: readonly CounterRecord[]): void;
}

export interface JournalStore {
  /** Adds a step unless the update has one with this sequence number; the first wins. */
  add(updateId: string, step: device.JournalStep): JournalRecord | undefined;
  /** Drops the steps between the `first` and the `last`, in order of sequence. */
  trim(updateId: string, keep: { readonly first: number; readonly last: number }): void;
  /** In order of sequence. */
  list(updateId: string): JournalRecord[];
  /** In order of arrival, those after `position`. */
  since(updateId: string, position: number): JournalRecord[];
}

/** What the server knows of an intermediary. */
export interface SiteRecord {
  readonly intermediary: string;
  readonly devicesRevision: number | undefined;
  readonly lastSeen: Instant | undefined;
}

export interface SiteStore {
  all(): SiteRecord[];
  saveRevision(intermediary: string, revision: number): void;
  saveLastSeen(seen: ReadonlyMap<string, Instant>): void;
}

/** An intermediary below another one (T2). */
export interface SiteBelow {
  readonly name: string;
  /** The one that polls, and has told of it. */
  readonly via: string;
  /** On the way from there, nearest first, itself the last. */
  readonly route: readonly string[];
  readonly lastContact: Instant | undefined;
}

export interface SitesBelowStore {
  find(name: string): SiteBelow | undefined;
  /** By name. */
  all(): SiteBelow[];
  /** All that are below `via`. */
  replace(via: string, list: readonly Omit<SiteBelow, 'via'>[]): void;
}

/** The newest believed word of each device on where it is. */
export interface PlacementStore {
  find(deviceId: string): PlacementRecord | undefined;
  save(deviceId: string, placement: PlacementRecord): void;
}

export interface AuditLog {
  /** Adds a record and drops the oldest beyond `keep`. */
  add(record: AuditRecord, keep: number): void;
  /** Newest first. */
  newest(limit: number): AuditRecord[];
}
