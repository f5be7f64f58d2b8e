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
  readonly keyRotations?: types.SignedRecords;
  readonly signedTime?: types.SignedRecord;
  readonly notifyStartAt?: types.Endpoint;
}

/** update (the default): opens the bulk path. erasure: overwrites, opens nothing. */
export type CredentialPurpose = 'update' | 'erasure';

export interface CredentialStored {
  readonly jobId: types.Identifier;
  readonly bulkPath?: types.Endpoint;
  readonly authenticatedReports?: boolean;
  readonly manifestChecked?: boolean;
  readonly bulkPathKind?: types.BulkPathKind;
  readonly bulkHostKey?: types.Sha256;
}

/**
 * Asks the device to generate the one-time password (Fig 21). The request holds no secret and may come in
 * plain HTTP; the password leaves the device on the secure path only: in the answer, or, when the request
 * was plain, by StoreOneTimePassword of the intermediary contract before this is answered.
 */
export interface GenerateOneTimePassword {
  readonly userName: types.NodeName;
  readonly lifetimeSeconds: types.Seconds;
  readonly jobId: types.Identifier;
  readonly signedManifest?: types.SignedManifest;
  readonly nonce?: types.Nonce;
  readonly keyRotations?: types.SignedRecords;
  readonly signedTime?: types.SignedRecord;
}

export interface GenerateOneTimePasswordResponse {
  readonly jobId: types.Identifier;
  readonly delivery: PasswordDelivery;
  readonly oneTimePassword?: types.OneTimePassword;
  readonly reportKey?: types.SymmetricKey;
  readonly bulkPath?: types.Endpoint;
  readonly authenticatedReports?: boolean;
  readonly manifestChecked?: boolean;
  readonly bulkPathKind?: types.BulkPathKind;
  readonly bulkHostKey?: types.Sha256;
}

/**
 * in-response: carried here. by-request: the device has called StoreOneTimePassword of the intermediary
 * contract.
 */
export type PasswordDelivery = 'in-response' | 'by-request';

/** The one-time password of this job is no longer usable. Carries no secret, so it needs no secrecy (U12). */
export interface InvalidateOneTimePassword {
  readonly userName: types.NodeName;
  readonly jobId: types.Identifier;
  readonly mac?: types.MessageAuthenticationCode;
}

export interface InvalidateOneTimePasswordResponse {
  readonly jobId: types.Identifier;
  readonly invalidated: boolean;
}

/**
 * The updater has decided the update; the device is to end the one-time password and to say so with
 * EraseOneTimePassword of the intermediary contract before it answers (U18, Fig 24).
 */
export interface ConcludeUpdate {
  readonly userName: types.NodeName;
  readonly jobId: types.Identifier;
  readonly invalidation: Invalidation;
}

export interface ConcludeUpdateResponse {
  readonly jobId: types.Identifier;
}

/**
 * A password of the list is used up (P1, Fig 13 S45–S48), and every one before it. Holds no secret: plain
 * HTTP. With a manifest the password goes on to open the bulk path for this one transfer; without, it ends
 * now.
 */
export interface MarkPasswordUsed {
  readonly userName: types.NodeName;
  readonly list: types.Identifier;
  readonly entry: number;
  readonly lifetimeSeconds?: types.Seconds;
  readonly signedManifest?: types.SignedManifest;
  readonly nonce?: types.Nonce;
  readonly keyRotations?: types.SignedRecords;
  readonly signedTime?: types.SignedRecord;
  readonly mac?: types.MessageAuthenticationCode;
}

export interface MarkPasswordUsedResponse {
  readonly list: types.Identifier;
  readonly next: number;
  readonly remaining: number;
  readonly manifestChecked?: boolean;
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
  readonly plainPath?: types.Endpoint;
  readonly freshnessNonce?: types.Nonce;
  readonly secureLink?: SecureLink;
  readonly remembersRequests?: boolean;
}

/** Who proves to be who between device and intermediary (Fig 14, 15, 16). */
export type SecureLink = 'mutual' | 'intermediary-authenticated' | 'device-authenticated';

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
  readonly requestId?: types.Identifier;
}

export interface SetParametersResponse {
  readonly parameters: types.Parameters;
}

export interface ExecuteCommand {
  readonly command: types.Identifier;
  readonly arguments?: types.Parameters;
  readonly requestId?: types.Identifier;
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
  readonly requestId?: types.Identifier;
}

export type ShowResultResponse = Readonly<Record<string, never>>;

export type Outcome = 'succeeded' | 'failed' | 'pending';

export type ConfirmAlive = Readonly<Record<string, never>>;

export interface ConfirmAliveResponse {
  readonly startedAt: Instant;
  readonly state: DeviceState;
}

export type DeviceState = 'ready' | 'busy' | 'energy-saving' | 'updating';

export type GetApplications = Readonly<Record<string, never>>;

export interface GetApplicationsResponse {
  /** 0 to 64 items. */
  readonly application: readonly Application[];
}

export interface Application {
  readonly name: types.Identifier;
  readonly state: ApplicationState;
  readonly version?: types.VersionText;
}

export type ApplicationState = 'running' | 'stopped';

/** Starts or stops an application of the device; it stays so over restarts. */
export interface SetApplication {
  readonly name: types.Identifier;
  readonly state: ApplicationState;
  readonly requestId?: types.Identifier;
}

export interface SetApplicationResponse {
  readonly application: Application;
}

export type ListFiles = Readonly<Record<string, never>>;

export interface ListFilesResponse {
  /** 0 to 256 items. */
  readonly file: readonly FileEntry[];
}

export interface FileEntry {
  readonly name: types.FileName;
  readonly length: number;
  readonly sha256: types.Sha256;
  readonly modifiedAt: Instant;
}

/** Reads a part of a file: small ones such as reports and settings; images travel on the bulk path. */
export interface ReadFile {
  readonly name: types.FileName;
  readonly offset?: number;
}

export interface ReadFileResponse {
  readonly file: FileEntry;
  readonly content: types.FileContent;
}

/**
 * Writes a part of a file. Parts come in order, from offset 0; the file appears, or replaces the one of its
 * name, with the last part, when length and digest are right.
 */
export interface WriteFile {
  readonly name: types.FileName;
  readonly length: number;
  readonly sha256: types.Sha256;
  readonly offset: number;
  readonly content: types.FileContent;
  readonly requestId?: types.Identifier;
}

export interface WriteFileResponse {
  readonly received: number;
  readonly complete: boolean;
}

export interface DeleteFile {
  readonly name: types.FileName;
  readonly requestId?: types.Identifier;
}

export interface DeleteFileResponse {
  readonly deleted: boolean;
}

/**
 * Update the software of the request's target (S101). Images are fetched by digest from the uplink's
 * /images/ folder.
 */
export interface UpdateSoftware {
  readonly signedManifest: types.SignedManifest;
  readonly deadlineSeconds: types.Seconds;
  readonly policy?: UpdatePolicy;
  readonly keyRotations?: types.SignedRecords;
  readonly signedTime?: types.SignedRecord;
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
  readonly software?: types.ModelName;
  readonly orderedBy?: OrderOrigin;
  readonly gaps?: AssuranceGaps;
}

/**
 * Who ordered the update: the management server, somebody at the device's panel (U16), somebody at the
 * intermediary (I4), or its scheduler.
 */
export type OrderOrigin = 'server' | 'panel' | 'operation-port' | 'schedule';

/** What this update does without. None: full assurance. */
export interface AssuranceGaps {
  /** 0 to 16 items. */
  readonly gap: readonly AssuranceGap[];
}

export type AssuranceGap = 'manifest-unchecked' | 'reports-unauthenticated' | 'device-unauthenticated' | 'updater-unauthenticated' | 'listed-password';

export type UpdateOutcome = 'verified' | 'not-required' | 'failed' | 'cancelled';

/**
 * full: signed manifest checked by the device, authenticated version report, both ends of the secure path
 * authenticated. patent: neither manifest nor authenticated report (a device of another vendor). partial:
 * anything between; gaps says what is missing.
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
  readonly adopt?: boolean;
}

export type SearchMethod = 'dns-sd' | 'address-range';

export interface SearchDevicesResponse {
  /** 0 to 1000 items. */
  readonly device: readonly DeviceInformation[];
}

/** The devices an intermediary is connected with, and those it has found but not adopted (I3). */
export type GetConnections = Readonly<Record<string, never>>;

export interface GetConnectionsResponse {
  /** 0 to 1000 items. */
  readonly connection: readonly Connection[];
}

export interface Connection {
  readonly deviceId: types.NodeName;
  readonly state: ConnectionState;
  readonly address?: types.HostText;
  readonly lastContact?: Instant;
  readonly below?: types.NodeName;
}

/**
 * active: adopted, its last exchange succeeded. silent: adopted, its last exchange failed. found: not
 * adopted yet. released: given up; its requests are refused.
 */
export type ConnectionState = 'active' | 'silent' | 'found' | 'released';

/** Bring the images of a manifest to the site ahead of an update (I2: download software). */
export interface FetchSoftware {
  readonly signedManifest: types.SignedManifest;
  readonly keyRotations?: types.SignedRecords;
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
