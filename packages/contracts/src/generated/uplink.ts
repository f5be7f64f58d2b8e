// Generated from wsdl/uplink.xsd; do not edit. Run `npm run generate`.
import type { Instant } from '@postern/core';
import type * as device from './device.ts';
import type * as intermediary from './intermediary.ts';
import type * as types from './types.ts';

/**
 * One exchange carries everything that waits on either side. Held open up to holdSeconds while there is
 * nothing to send down; a newer Poll of the same node ends a held one. Delivery is at-least-once: what is
 * not acknowledged is sent again, effects happen once by identifier.
 */
export interface Poll {
  readonly sessionId: types.Identifier;
  readonly holdSeconds: types.Seconds;
  readonly capacity: number;
  readonly received?: Identifiers;
  readonly responses?: Responses;
  readonly delayNotices?: DelayNotices;
  readonly devices?: DeviceChanges;
}

export interface PollResponse {
  readonly nextPollSeconds: types.Seconds;
  readonly acknowledged?: Identifiers;
  readonly requests?: Requests;
  readonly deferredResponses?: DeferredResponses;
  readonly devicesRevision?: number;
  readonly refusedDevices?: RefusedDevices;
}

export interface Identifiers {
  /** 0 to 1000 items. */
  readonly id: readonly types.Identifier[];
}

export interface Requests {
  /** 0 to 256 items. */
  readonly request: readonly Request[];
}

/**
 * A request on its way down (S601–S604). target: the device, or the intermediary itself. route: the
 * intermediaries still to pass, nearest first.
 */
export interface Request {
  readonly requestId: types.Identifier;
  readonly target: types.NodeName;
  readonly expiresInSeconds: types.Seconds;
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: RequestBody;
  readonly route?: Route;
}

/** What a Request carries. */
export type RequestBody =
  | { readonly kind: 'UpdateSoftware'; readonly value: device.UpdateSoftware }
  | { readonly kind: 'CancelUpdate'; readonly value: device.CancelUpdate }
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
  | { readonly kind: 'FetchSoftware'; readonly value: device.FetchSoftware }
  | { readonly kind: 'SetSchedule'; readonly value: device.SetSchedule }
  | { readonly kind: 'GetApplications'; readonly value: device.GetApplications }
  | { readonly kind: 'SetApplication'; readonly value: device.SetApplication }
  | { readonly kind: 'ListFiles'; readonly value: device.ListFiles }
  | { readonly kind: 'ReadFile'; readonly value: device.ReadFile }
  | { readonly kind: 'WriteFile'; readonly value: device.WriteFile }
  | { readonly kind: 'DeleteFile'; readonly value: device.DeleteFile }
  | { readonly kind: 'GetConnections'; readonly value: device.GetConnections };

export interface Route {
  /** 1 to 16 items. */
  readonly node: readonly types.NodeName[];
}

export interface Responses {
  /** 0 to 256 items. */
  readonly response: readonly Response[];
}

/** The answer to a request (S606–S608), once for each; sent until it is acknowledged. */
export interface Response {
  readonly requestId: types.Identifier;
  readonly at: Instant;
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: ResponseBody;
}

/** What a Response carries. */
export type ResponseBody =
  | { readonly kind: 'Failure'; readonly value: types.Failure }
  | { readonly kind: 'UpdateSoftwareResponse'; readonly value: device.UpdateSoftwareResponse }
  | { readonly kind: 'CancelUpdateResponse'; readonly value: device.CancelUpdateResponse }
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

export interface DelayNotices {
  /** 0 to 256 items. */
  readonly delayNotice: readonly DelayNotice[];
}

/**
 * The request was taken; its answer will take longer (R2). Repeated with progress; steps are those since
 * the last notice, best effort: the answer carries them all.
 */
export interface DelayNotice {
  readonly requestId: types.Identifier;
  readonly phase?: types.Identifier;
  readonly progress?: Progress;
  readonly journal?: device.Journal;
}

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
}

/**
 * Devices below that appeared or changed since the revision the other side has. complete: the whole list
 * begins here. A long list comes in parts: more says that another part follows; what no part of a whole
 * list has named is gone once the last part is here.
 */
export interface DeviceChanges {
  readonly revision: number;
  readonly complete: boolean;
  /** 0 to 1000 items. */
  readonly device: readonly DeviceChange[];
  readonly intermediaries?: IntermediariesBelow;
  readonly since?: number;
  readonly more?: boolean;
}

export interface DeviceChange {
  readonly information: device.DeviceInformation;
  readonly lastContact?: Instant;
  readonly route?: Route;
  readonly active?: boolean;
  readonly placement?: types.SignedRecord;
  readonly gone?: boolean;
}

/**
 * Devices that this Poll told of and that were not taken, each with the reason. device-foreign: the name
 * belongs to another intermediary, which the device may have moved to.
 */
export interface RefusedDevices {
  /** 0 to 1000 items. */
  readonly device: readonly RefusedDevice[];
}

export interface RefusedDevice {
  readonly deviceId: types.NodeName;
  readonly code: types.ErrorCode;
}

/** All intermediaries below (T2), whenever this is told. */
export interface IntermediariesBelow {
  /** 0 to 256 items. */
  readonly intermediary: readonly IntermediaryBelow[];
}

/** route: the intermediaries on the way to it, nearest first, itself the last. */
export interface IntermediaryBelow {
  readonly name: types.NodeName;
  readonly route: Route;
  readonly lastContact?: Instant;
}

export interface DeferredResponses {
  /** 0 to 256 items. */
  readonly deferredResponse: readonly DeferredResponse[];
}

/**
 * The later answer to something delivered (R4). It comes again until a Poll names the deliveryId as
 * received.
 */
export interface DeferredResponse {
  readonly deliveryId: types.Identifier;
  readonly deviceId: types.NodeName;
  readonly answer: intermediary.Answer;
}

/**
 * A device-originated request, forwarded with the route it took, the intermediary that took it from the
 * device first (R3, R6; S704); or what the site's schedule has read. Answered by a response or a delay
 * notice (outcome pending).
 */
export interface Deliver {
  readonly deliveryId: types.Identifier;
  readonly deviceId: types.NodeName;
  readonly route: Route;
  /** Exactly one of the elements offered here; `kind` is its name. */
  readonly body: DeliverBody;
  readonly at?: Instant;
  readonly answeredAs?: device.Outcome;
}

/** What a Deliver carries. */
export type DeliverBody =
  | { readonly kind: 'UserCall'; readonly value: intermediary.UserCall }
  | { readonly kind: 'NotifySupply'; readonly value: intermediary.NotifySupply }
  | { readonly kind: 'NotifyAbnormality'; readonly value: intermediary.NotifyAbnormality }
  | { readonly kind: 'NotifyStart'; readonly value: intermediary.NotifyStart }
  | { readonly kind: 'Register'; readonly value: intermediary.Register }
  | { readonly kind: 'UpdateSoftwareResponse'; readonly value: device.UpdateSoftwareResponse }
  | { readonly kind: 'GetCountersResponse'; readonly value: device.GetCountersResponse }
  | { readonly kind: 'CollectLogsResponse'; readonly value: device.CollectLogsResponse };

export type DeliverResponse = intermediary.Answer;
