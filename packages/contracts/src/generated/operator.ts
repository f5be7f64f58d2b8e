// Generated from wsdl/operator.xsd; do not edit. Run `npm run generate`.
import type { Instant } from '@postern/core';
import type * as device from './device.ts';
import type * as intermediary from './intermediary.ts';
import type * as types from './types.ts';

/**
 * How many items a page has at most; 100 unless given. A page may have fewer and not be the last.
 * 1 to 1000.
 */
export type PageLimit = number;

/**
 * How long the answer is held while there is nothing to tell; 0 unless given.
 * 0 to 50.
 */
export type WaitSeconds = number;

/**
 * How long something ordered may take; at most 31 days.
 * 1 to 2678400.
 */
export type DeadlineSeconds = number;

export interface NodeNames {
  /** 0 to 16 items. */
  readonly node: readonly types.NodeName[];
}

/**
 * Devices by name. withCounters: each with its counters as they were read last; such a page is cut where it
 * would get too long. Released and absent devices are listed, too.
 */
export interface ListDevices {
  readonly intermediary?: types.NodeName;
  readonly model?: types.ModelName;
  readonly profile?: types.Identifier;
  readonly withCounters?: boolean;
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListDevicesResponse {
  readonly page: DevicePage;
}

export interface DevicePage {
  /** 0 to 1000 items. */
  readonly device: readonly Device[];
  readonly next?: types.Identifier;
}

/** One device, with its counters. */
export interface GetDevice {
  readonly deviceId: types.NodeName;
}

export interface GetDeviceResponse {
  readonly device: Device;
}

/**
 * A device as its intermediary reported it last. intermediary: the one that polls for it; route: those
 * below that one on the way to the device, nearest first. present: false once its intermediary names it no
 * more. active: false once it was released.
 */
export interface Device {
  readonly id: types.NodeName;
  readonly model: types.ModelName;
  readonly components: types.ComponentVersions;
  readonly bulkPathKind: types.BulkPathKind;
  readonly intermediary: types.NodeName;
  readonly route: NodeNames;
  readonly present: boolean;
  readonly changedAt: Instant;
  readonly active?: boolean;
  readonly serialNumber?: types.Identifier;
  readonly profile?: types.Identifier;
  readonly securePath?: types.Endpoint;
  readonly bulkPath?: types.Endpoint;
  readonly plainPath?: types.Endpoint;
  readonly authenticatedReports?: boolean;
  readonly freshnessNonce?: types.Nonce;
  readonly lastContact?: Instant;
  readonly intermediaryLastSeen?: Instant;
  readonly counters?: CounterReadings;
}

export interface CounterReadings {
  /** 0 to 256 items. */
  readonly counter: readonly CounterReading[];
}

/** A counter as it was read last. at: when the device was asked, by the clock of its site. */
export interface CounterReading {
  readonly name: types.ComponentName;
  readonly value: number;
  readonly at: Instant;
}

/** Intermediaries that have called, and those below them, by name. */
export interface ListIntermediaries {
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListIntermediariesResponse {
  readonly page: IntermediaryPage;
}

export interface IntermediaryPage {
  /** 0 to 1000 items. */
  readonly intermediary: readonly Intermediary[];
  readonly next?: types.Identifier;
}

/**
 * via: the one that polls for it; left out for one that polls itself. route: those below via on the way to
 * it, nearest first, itself the last.
 */
export interface Intermediary {
  readonly name: types.NodeName;
  readonly route: NodeNames;
  readonly via?: types.NodeName;
  readonly lastSeen?: Instant;
}

/** Registered software, by identifier. */
export interface ListSoftware {
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListSoftwareResponse {
  readonly page: SoftwarePage;
}

export interface SoftwarePage {
  /** 0 to 1000 items. */
  readonly software: readonly Software[];
  readonly next?: types.Identifier;
}

/**
 * Registers software by its signed manifest. Its images must be here: they go up by PUT
 * /api/v1/images/SHA-256 on the same port. Once more changes nothing.
 */
export interface RegisterSoftware {
  readonly signedManifest: types.SignedManifest;
}

export interface RegisterSoftwareResponse {
  readonly software: Software;
}

/** A software package. warnings: what is allowed but probably not meant; at its registration only. */
export interface Software {
  readonly id: types.Identifier;
  readonly software: types.ModelName;
  readonly model: types.ModelName;
  readonly expires: Instant;
  readonly components: SoftwareComponents;
  readonly registeredAt: Instant;
  readonly warnings?: Warnings;
}

export interface SoftwareComponents {
  /** 0 to 64 items. */
  readonly component: readonly SoftwareComponent[];
}

export interface SoftwareComponent {
  readonly name: types.ComponentName;
  readonly version: types.VersionText;
  readonly length: number;
  readonly sha256: types.Sha256;
  readonly releaseCounter: number;
}

export interface Warnings {
  /** 0 to 1000 items. */
  readonly warning: readonly types.Text[];
}

/**
 * Orders an update of one device; 24 hours unless deadlineSeconds says otherwise. With the idempotencyKey
 * of an earlier order of the same content it answers that order's update; with other content it is refused.
 */
export interface OrderUpdate {
  readonly deviceId: types.NodeName;
  readonly software: types.Identifier;
  readonly deadlineSeconds?: DeadlineSeconds;
  readonly policy?: device.UpdatePolicy;
  readonly idempotencyKey?: types.Identifier;
}

export interface OrderUpdateResponse {
  readonly update: Update;
}

/** One update. With waitSeconds the answer is held until the update has ended. */
export interface GetUpdate {
  readonly updateId: types.Identifier;
  readonly waitSeconds?: WaitSeconds;
}

export interface GetUpdateResponse {
  readonly update: Update;
}

/** Updates, newest first, those that sites ordered themselves among them. */
export interface ListUpdates {
  readonly deviceId?: types.NodeName;
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListUpdatesResponse {
  readonly page: UpdatePage;
}

export interface UpdatePage {
  /** 0 to 1000 items. */
  readonly update: readonly Update[];
  readonly next?: types.Identifier;
}

/** The steps of an update, in order. */
export interface GetUpdateJournal {
  readonly updateId: types.Identifier;
}

export interface GetUpdateJournalResponse {
  readonly journal: UpdateJournal;
}

/**
 * Calls an update off. It has ended at once when it was not fetched; otherwise its intermediary was asked,
 * and decides.
 */
export interface CancelUpdate {
  readonly updateId: types.Identifier;
}

export interface CancelUpdateResponse {
  readonly update: Update;
}

/**
 * An update and how far it is. softwareId and deadline are left out where the site ordered it. policy: what
 * the order wanted otherwise than the site's configuration. versions: what is to be installed. reported:
 * what the device said last that it runs. assurance, credential and gaps are there from its end on;
 * assurance is full only where gaps is empty.
 */
export interface Update {
  readonly id: types.Identifier;
  readonly deviceId: types.NodeName;
  readonly intermediary: types.NodeName;
  readonly orderedBy: device.OrderOrigin;
  readonly state: UpdateState;
  readonly cancelRequested: boolean;
  readonly orderedAt: Instant;
  readonly policy: device.UpdatePolicy;
  readonly versions: types.ComponentVersions;
  readonly reported: types.ComponentVersions;
  readonly softwareId?: types.Identifier;
  readonly software?: types.ModelName;
  readonly phase?: types.Identifier;
  readonly progress?: Progress;
  readonly deadline?: Instant;
  readonly finishedAt?: Instant;
  readonly assurance?: device.Assurance;
  readonly gaps?: Gaps;
  readonly credential?: device.CredentialEnd;
  readonly failure?: types.Failure;
}

/**
 * Only verified means that the restarted device's version report was read and equals the manifest. expired:
 * nobody fetched it before its deadline.
 */
export type UpdateState = 'ordered' | 'sent' | 'running' | 'verified' | 'not-required' | 'failed' | 'cancelled' | 'expired';

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
}

export interface Gaps {
  /** 0 to 16 items. */
  readonly gap: readonly Gap[];
}

/** Something that an update did without, and what that means, for people. */
export interface Gap {
  readonly gap: device.AssuranceGap;
  readonly meaning: types.Text;
}

export interface UpdateJournal {
  /** 0 to 1000 items. */
  readonly step: readonly UpdateStep[];
}

export interface UpdateStep {
  readonly sequence: number;
  readonly step: types.Identifier;
  readonly path: device.Path;
  readonly direction: device.Direction;
  readonly at: Instant;
  readonly outcome: device.StepOutcome;
  readonly title?: types.Text;
  readonly code?: types.ErrorCode;
  readonly detail?: types.Text;
}

/**
 * Asks the same of one or more devices or intermediaries: all of them or none. Give either targets or a
 * selector. 15 minutes unless deadlineSeconds says otherwise. A requestId in the request is the server's to
 * give. With the idempotencyKey of an earlier order of the same content it answers that order; with other
 * content it is refused.
 */
export interface OrderRequests {
  readonly request: RequestContent;
  readonly targets?: Targets;
  readonly selector?: Selector;
  readonly at?: types.NodeName;
  readonly deadlineSeconds?: DeadlineSeconds;
  readonly via?: WayDown;
  readonly idempotencyKey?: types.Identifier;
}

export interface OrderRequestsResponse {
  readonly order: Order;
}

/** What is asked: one of the requests of the device contract. */
export interface RequestContent {
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: RequestContentBody;
}

/** What a RequestContent carries. */
export type RequestContentBody =
  | { readonly kind: 'GetDeviceInformation'; readonly value: device.GetDeviceInformation }
  | { readonly kind: 'GetCounters'; readonly value: device.GetCounters }
  | { readonly kind: 'GetParameters'; readonly value: device.GetParameters }
  | { readonly kind: 'SetParameters'; readonly value: device.SetParameters }
  | { readonly kind: 'ExecuteCommand'; readonly value: device.ExecuteCommand }
  | { readonly kind: 'CollectLogs'; readonly value: device.CollectLogs }
  | { readonly kind: 'ShowResult'; readonly value: device.ShowResult }
  | { readonly kind: 'ConfirmAlive'; readonly value: device.ConfirmAlive }
  | { readonly kind: 'SetPolling'; readonly value: device.SetPolling }
  | { readonly kind: 'Activate'; readonly value: device.Activate }
  | { readonly kind: 'SearchDevices'; readonly value: device.SearchDevices }
  | { readonly kind: 'SetSchedule'; readonly value: device.SetSchedule }
  | { readonly kind: 'GetApplications'; readonly value: device.GetApplications }
  | { readonly kind: 'SetApplication'; readonly value: device.SetApplication }
  | { readonly kind: 'ListFiles'; readonly value: device.ListFiles }
  | { readonly kind: 'ReadFile'; readonly value: device.ReadFile }
  | { readonly kind: 'WriteFile'; readonly value: device.WriteFile }
  | { readonly kind: 'DeleteFile'; readonly value: device.DeleteFile }
  | { readonly kind: 'GetConnections'; readonly value: device.GetConnections };

export interface Targets {
  /** 1 to 1000 items. */
  readonly target: readonly types.NodeName[];
}

/**
 * All devices of which everything that is named here is true, released ones excepted. At least one of the
 * three.
 */
export interface Selector {
  readonly intermediary?: types.NodeName;
  readonly model?: types.ModelName;
  readonly profile?: types.Identifier;
}

/** poll (the default): as the answer to a poll. mail: by mail, and by poll all the same. */
export type WayDown = 'poll' | 'mail';

/**
 * One order and how many of its requests are in which state. With waitSeconds the answer is held until all
 * of them have ended.
 */
export interface GetOrder {
  readonly orderId: types.Identifier;
  readonly waitSeconds?: WaitSeconds;
}

export interface GetOrderResponse {
  readonly order: Order;
}

/** One order for all of its targets. targets: how many requests it was. ended: all of them have ended. */
export interface Order {
  readonly id: types.Identifier;
  readonly kind: RequestKind;
  readonly request: RequestContent;
  readonly via: WayDown;
  readonly targets: number;
  readonly orderedAt: Instant;
  readonly deadline: Instant;
  readonly states: StateCounts;
  readonly ended: boolean;
}

/** How many requests are in which state, of those that are kept. */
export interface StateCounts {
  readonly waiting: number;
  readonly sent: number;
  readonly taken: number;
  readonly answered: number;
  readonly refused: number;
  readonly unreachable: number;
  readonly expired: number;
  readonly withdrawn: number;
}

/** One request with its answer. With waitSeconds this answer is held until the request has ended. */
export interface GetRequest {
  readonly requestId: types.Identifier;
  readonly waitSeconds?: WaitSeconds;
}

export interface GetRequestResponse {
  readonly request: Request;
}

/**
 * Requests about no update, newest first. Answers of more than 4 KiB are left out: answerLeftOut says so,
 * GetRequest has them.
 */
export interface ListRequests {
  readonly orderId?: types.Identifier;
  readonly target?: types.NodeName;
  readonly intermediary?: types.NodeName;
  readonly kind?: RequestKind;
  readonly state?: RequestState;
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListRequestsResponse {
  readonly page: RequestPage;
}

export interface RequestPage {
  /** 0 to 1000 items. */
  readonly request: readonly Request[];
  readonly next?: types.Identifier;
}

/** Calls a request off, unless the site has said that it has it. */
export interface WithdrawRequest {
  readonly requestId: types.Identifier;
}

export interface WithdrawRequestResponse {
  readonly request: Request;
}

/**
 * A request and what became of it. order: the order it belongs to; softwareId: only of FetchSoftware, which
 * belongs to none. answer: the target's response, also one that came after the request had ended otherwise.
 * failure: why there is no other answer.
 */
export interface Request {
  readonly id: types.Identifier;
  readonly kind: RequestKind;
  readonly intermediary: types.NodeName;
  readonly target: types.NodeName;
  readonly state: RequestState;
  readonly orderedAt: Instant;
  readonly deadline: Instant;
  readonly answerLeftOut: boolean;
  readonly order?: types.Identifier;
  readonly softwareId?: types.Identifier;
  readonly phase?: types.Identifier;
  readonly endedAt?: Instant;
  readonly answeredAt?: Instant;
  readonly fetchedBytes?: number;
  readonly failure?: types.Failure;
  readonly answer?: AnswerContent;
  readonly at?: types.NodeName;
}

/** The name of the request's element. FetchSoftware: software brought to a site ahead of any update. */
export type RequestKind = 'GetDeviceInformation' | 'GetCounters' | 'GetParameters' | 'SetParameters' | 'ExecuteCommand' | 'CollectLogs' | 'ShowResult' | 'ConfirmAlive' | 'SetPolling' | 'Activate' | 'SearchDevices' | 'FetchSoftware' | 'SetSchedule' | 'GetApplications' | 'SetApplication' | 'ListFiles' | 'ReadFile' | 'WriteFile' | 'DeleteFile' | 'GetConnections';

/**
 * waiting, sent and taken (the site has said that it has it) are open; the others are its end. The first
 * decision stands.
 */
export type RequestState = 'waiting' | 'sent' | 'taken' | 'answered' | 'refused' | 'unreachable' | 'expired' | 'withdrawn';

/** What was answered: the response of the request's kind. */
export interface AnswerContent {
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: AnswerContentBody;
}

/** What a AnswerContent carries. */
export type AnswerContentBody =
  | { readonly kind: 'GetDeviceInformationResponse'; readonly value: device.GetDeviceInformationResponse }
  | { readonly kind: 'GetCountersResponse'; readonly value: device.GetCountersResponse }
  | { readonly kind: 'GetParametersResponse'; readonly value: device.GetParametersResponse }
  | { readonly kind: 'SetParametersResponse'; readonly value: device.SetParametersResponse }
  | { readonly kind: 'ExecuteCommandResponse'; readonly value: device.ExecuteCommandResponse }
  | { readonly kind: 'CollectLogsResponse'; readonly value: device.CollectLogsResponse }
  | { readonly kind: 'ShowResultResponse'; readonly value: device.ShowResultResponse }
  | { readonly kind: 'ConfirmAliveResponse'; readonly value: device.ConfirmAliveResponse }
  | { readonly kind: 'SetPollingResponse'; readonly value: device.SetPollingResponse }
  | { readonly kind: 'ActivateResponse'; readonly value: device.ActivateResponse }
  | { readonly kind: 'SearchDevicesResponse'; readonly value: device.SearchDevicesResponse }
  | { readonly kind: 'FetchSoftwareResponse'; readonly value: device.FetchSoftwareResponse }
  | { readonly kind: 'SetScheduleResponse'; readonly value: device.SetScheduleResponse }
  | { readonly kind: 'GetApplicationsResponse'; readonly value: device.GetApplicationsResponse }
  | { readonly kind: 'SetApplicationResponse'; readonly value: device.SetApplicationResponse }
  | { readonly kind: 'ListFilesResponse'; readonly value: device.ListFilesResponse }
  | { readonly kind: 'ReadFileResponse'; readonly value: device.ReadFileResponse }
  | { readonly kind: 'WriteFileResponse'; readonly value: device.WriteFileResponse }
  | { readonly kind: 'DeleteFileResponse'; readonly value: device.DeleteFileResponse }
  | { readonly kind: 'GetConnectionsResponse'; readonly value: device.GetConnectionsResponse };

/**
 * What devices and schedules said, newest first. open: only the calls that wait for an answer (true), or
 * only the rest (false). The content of log entries is left out: GetNotice has it.
 */
export interface ListNotices {
  readonly kind?: NoticeKind;
  readonly deviceId?: types.NodeName;
  readonly intermediary?: types.NodeName;
  readonly open?: boolean;
  readonly after?: types.Identifier;
  readonly limit?: PageLimit;
}

export interface ListNoticesResponse {
  readonly page: NoticePage;
}

/**
 * The notices that came after since, oldest first; from the oldest that is kept where since is left out.
 * With waitSeconds the answer is held while there is none. next of the answer is the since of the next
 * call, on the last page, too. Each notice is told once, as it came: what becomes of a call is told by
 * GetNotice and ListNotices.
 */
export interface FollowNotices {
  readonly since?: types.Identifier;
  readonly kind?: NoticeKind;
  readonly deviceId?: types.NodeName;
  readonly intermediary?: types.NodeName;
  readonly limit?: PageLimit;
  readonly waitSeconds?: WaitSeconds;
}

export interface FollowNoticesResponse {
  readonly page: NoticePage;
}

export interface NoticePage {
  /** 0 to 1000 items. */
  readonly notice: readonly Notice[];
  readonly next?: types.Identifier;
}

/** One call or notice, with all of its content. */
export interface GetNotice {
  readonly noticeId: types.Identifier;
}

export interface GetNoticeResponse {
  readonly notice: Notice;
}

/**
 * Answers a call that waits for an operator; the text goes to the device's panel. The same answer again
 * changes nothing.
 */
export interface AnswerCall {
  readonly noticeId: types.Identifier;
  readonly outcome: CallOutcome;
  readonly text: types.Text;
}

export interface AnswerCallResponse {
  readonly notice: Notice;
}

export type CallOutcome = 'succeeded' | 'failed';

/**
 * A call or notice of a device, or what a site's schedule has read. at: by the clock of the server; siteAt:
 * when it came to the site, by the clock there. missed: the caller had been told that the call failed
 * before it came here. deviceId is the intermediary itself where it reports on itself.
 */
export interface Notice {
  readonly id: types.Identifier;
  readonly kind: NoticeKind;
  readonly deviceId: types.NodeName;
  readonly intermediary: types.NodeName;
  readonly route: NodeNames;
  readonly at: Instant;
  readonly missed: boolean;
  readonly state: NoticeState;
  readonly siteAt?: Instant;
  readonly answer?: CallAnswer;
  readonly answeredAt?: Instant;
  readonly content?: NoticeContent;
}

export type NoticeKind = 'UserCall' | 'NotifySupply' | 'NotifyAbnormality' | 'NotifyStart' | 'Register' | 'GetCountersResponse' | 'CollectLogsResponse';

/**
 * noted: needs no answer. open: a call that waits for one. answered: at once. deferred: answered, on its
 * way down. delivered: the site has the answer. expired: nobody answered in time. undelivered: the site did
 * not fetch the answer in time.
 */
export type NoticeState = 'noted' | 'open' | 'answered' | 'deferred' | 'delivered' | 'expired' | 'undelivered';

/** What the caller is, or will be, told. */
export interface CallAnswer {
  readonly outcome: device.Outcome;
  readonly text: types.Text;
}

/** What was said. */
export interface NoticeContent {
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: NoticeContentBody;
}

/** What a NoticeContent carries. */
export type NoticeContentBody =
  | { readonly kind: 'UserCall'; readonly value: intermediary.UserCall }
  | { readonly kind: 'NotifySupply'; readonly value: intermediary.NotifySupply }
  | { readonly kind: 'NotifyAbnormality'; readonly value: intermediary.NotifyAbnormality }
  | { readonly kind: 'NotifyStart'; readonly value: intermediary.NotifyStart }
  | { readonly kind: 'Register'; readonly value: intermediary.Register }
  | { readonly kind: 'GetCountersResponse'; readonly value: device.GetCountersResponse }
  | { readonly kind: 'CollectLogsResponse'; readonly value: device.CollectLogsResponse };
