// Generated from wsdl/device.xsd; do not edit. Run `npm run generate`.
import type { Instant } from '@postern/core';
import type * as types from './types.ts';

/**
 * Stores the one-time password under which userName may use the bulk path, replacing any that was stored
 * for it. Overwriting with an erasure password is the same request without a manifest. Secure path only.
 */
export interface StoreOneTimePassword {
  readonly userName: types.NodeName;
  readonly oneTimePassword: types.OneTimePassword;
  readonly lifetimeSeconds: types.Seconds;
  readonly jobId: types.Identifier;
  readonly purpose?: CredentialPurpose;
  readonly signedManifest?: types.SignedManifest;
  readonly reportKey?: types.SymmetricKey;
  readonly nonce?: types.Nonce;
}

/** update (the default): opens the bulk path. erasure: overwrites, opens nothing. */
export type CredentialPurpose = 'update' | 'erasure';

export interface CredentialStored {
  readonly jobId: types.Identifier;
  readonly bulkPath?: types.Endpoint;
  readonly authenticatedReports?: boolean;
  readonly manifestChecked?: boolean;
}

/** Asks the device to generate the one-time password (Fig 21). The answer carries it: secure path only. */
export interface GenerateOneTimePassword {
  readonly userName: types.NodeName;
  readonly lifetimeSeconds: types.Seconds;
  readonly jobId: types.Identifier;
  readonly signedManifest?: types.SignedManifest;
  readonly nonce?: types.Nonce;
}

export interface GenerateOneTimePasswordResponse {
  readonly jobId: types.Identifier;
  readonly delivery: PasswordDelivery;
  readonly oneTimePassword?: types.OneTimePassword;
  readonly reportKey?: types.SymmetricKey;
  readonly bulkPath?: types.Endpoint;
}

/**
 * in-response: carried here. by-request: the device will call StoreOneTimePassword of the intermediary
 * contract.
 */
export type PasswordDelivery = 'in-response' | 'by-request';

/** The one-time password of this job is no longer usable. Carries no secret, so it needs no secrecy (U12). */
export interface InvalidateOneTimePassword {
  readonly userName: types.NodeName;
  readonly jobId: types.Identifier;
}

export interface InvalidateOneTimePasswordResponse {
  readonly jobId: types.Identifier;
  readonly invalidated: boolean;
}

export type GetDeviceInformation = Readonly<Record<string, never>>;

export interface GetDeviceInformationResponse {
  readonly device: DeviceInformation;
}

export interface DeviceInformation {
  readonly deviceId: types.NodeName;
  readonly model: types.ModelName;
  readonly components: types.ComponentVersions;
  readonly bulkPathKind: types.BulkPathKind;
  readonly securePath?: types.Endpoint;
  readonly bulkPath?: types.Endpoint;
  readonly serialNumber?: types.Identifier;
  readonly profile?: types.Identifier;
  readonly authenticatedReports?: boolean;
}

export interface GetCounters {
  readonly names?: types.Names;
}

export interface GetCountersResponse {
  readonly counters: types.Counters;
}

export interface GetParameters {
  readonly names?: types.Names;
}

export interface GetParametersResponse {
  readonly parameters: types.Parameters;
}

export interface SetParameters {
  readonly parameters: types.Parameters;
}

export interface SetParametersResponse {
  readonly parameters: types.Parameters;
}

export interface ExecuteCommand {
  readonly command: types.Identifier;
  readonly arguments?: types.Parameters;
}

export interface ExecuteCommandResponse {
  readonly output: types.LogText;
}

export interface CollectLogs {
  readonly since?: Instant;
  readonly minimumLevel?: types.LogLevel;
  readonly limit?: number;
}

export interface CollectLogsResponse {
  readonly entries: types.LogEntries;
}

/** Shows a result on the device's panel (R6–R8, deferred responses). */
export interface ShowResult {
  readonly inReplyTo: types.Identifier;
  readonly outcome: Outcome;
  readonly text: types.Text;
}

export type ShowResultResponse = Readonly<Record<string, never>>;

export type Outcome = 'succeeded' | 'failed' | 'pending';

export type ConfirmAlive = Readonly<Record<string, never>>;

export interface ConfirmAliveResponse {
  readonly startedAt: Instant;
  readonly state: DeviceState;
}

export type DeviceState = 'ready' | 'busy' | 'energy-saving' | 'updating';

/**
 * Update the software of the request's target (S101). Images are fetched by digest from the uplink's
 * /images/ folder.
 */
export interface UpdateSoftware {
  readonly signedManifest: types.SignedManifest;
  readonly deadlineSeconds: types.Seconds;
  readonly policy?: UpdatePolicy;
}

/** Overrides of the site's policy for this update; what is absent is the site's choice. */
export interface UpdatePolicy {
  readonly transferTries?: number;
  readonly restartTimeoutSeconds?: types.Seconds;
  readonly passwordGenerator?: Party;
  readonly eraser?: Party;
  readonly invalidation?: Invalidation;
  readonly bulkPathKind?: types.BulkPathKind;
}

export type Party = 'updater' | 'target';

export type Invalidation = 'overwrite-random' | 'overwrite-fixed' | 'request';

/**
 * The end of an update (S124). verified: the restarted device's version report was read and equals the
 * manifest.
 */
export interface UpdateSoftwareResponse {
  readonly state: UpdateOutcome;
  readonly assurance: Assurance;
  readonly components: types.ComponentVersions;
  readonly failure?: types.Failure;
  readonly credential: CredentialEnd;
  readonly journal: Journal;
}

export type UpdateOutcome = 'verified' | 'not-required' | 'failed' | 'cancelled';

/**
 * full: signed manifest checked by the device and authenticated version report. patent: neither (a device
 * of another vendor). partial: one of both.
 */
export type Assurance = 'full' | 'partial' | 'patent';

/**
 * erased: overwritten or invalidated. owed: the device could not be reached; erased when it returns,
 * expires by itself at the latest. none: never shared.
 */
export type CredentialEnd = 'erased' | 'owed' | 'none';

export interface Journal {
  /** 0 to 500 items. */
  readonly step: readonly JournalStep[];
}

export interface JournalStep {
  readonly sequence: number;
  readonly step: types.Identifier;
  readonly path: Path;
  readonly direction: Direction;
  readonly at: Instant;
  readonly outcome: StepOutcome;
  readonly code?: types.ErrorCode;
  readonly detail?: types.Text;
}

export type Path = 'uplink' | 'secure' | 'bulk' | 'notice' | 'local';

export type Direction = 'to-device' | 'from-device' | 'to-server' | 'from-server' | 'inside';

export type StepOutcome = 'started' | 'done' | 'failed';

export interface CancelUpdate {
  readonly requestId: types.Identifier;
}

export interface CancelUpdateResponse {
  readonly cancelled: boolean;
}

export interface SetPolling {
  readonly intervalSeconds: types.Seconds;
  readonly holdSeconds: types.Seconds;
}

export type SetPollingResponse = Readonly<Record<string, never>>;

/** Adopts (or releases) a device that was found or registered. */
export interface Activate {
  readonly active: boolean;
}

export type ActivateResponse = Readonly<Record<string, never>>;

export interface SearchDevices {
  readonly method: SearchMethod;
  readonly addressRange?: types.Text;
}

export type SearchMethod = 'dns-sd' | 'address-range';

export interface SearchDevicesResponse {
  /** 0 to 1000 items. */
  readonly device: readonly DeviceInformation[];
}

/** Bring the images of a manifest to the site ahead of an update (I2: download software). */
export interface FetchSoftware {
  readonly signedManifest: types.SignedManifest;
}

export interface FetchSoftwareResponse {
  readonly fetchedBytes: number;
}

export interface SetSchedule {
  /** 0 to 64 items. */
  readonly entry: readonly ScheduleEntry[];
}

export interface ScheduleEntry {
  readonly task: ScheduledTask;
  readonly expression: types.Text;
}

export type ScheduledTask = 'check-versions' | 'collect-logs' | 'read-counters';

export type SetScheduleResponse = Readonly<Record<string, never>>;

export type StoreOneTimePasswordResponse = CredentialStored;
