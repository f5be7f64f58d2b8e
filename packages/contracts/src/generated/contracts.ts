// Generated from wsdl/*.wsdl; do not edit. Run `npm run generate`.
import { type Contract, defineContract } from '../codec/contract.ts';
import type * as device from './device.ts';
import type * as intermediary from './intermediary.ts';
import type * as operator from './operator.ts';
import type * as uplink from './uplink.ts';
import { schema } from './schema.ts';

/** The operations of device.wsdl. */
export interface DeviceOperations {
  readonly StoreOneTimePassword: { readonly request: device.StoreOneTimePassword; readonly response: device.StoreOneTimePasswordResponse };
  readonly GenerateOneTimePassword: { readonly request: device.GenerateOneTimePassword; readonly response: device.GenerateOneTimePasswordResponse };
  readonly InvalidateOneTimePassword: { readonly request: device.InvalidateOneTimePassword; readonly response: device.InvalidateOneTimePasswordResponse };
  readonly ConcludeUpdate: { readonly request: device.ConcludeUpdate; readonly response: device.ConcludeUpdateResponse };
  readonly MarkPasswordUsed: { readonly request: device.MarkPasswordUsed; readonly response: device.MarkPasswordUsedResponse };
  readonly GetDeviceInformation: { readonly request: device.GetDeviceInformation; readonly response: device.GetDeviceInformationResponse };
  readonly GetCounters: { readonly request: device.GetCounters; readonly response: device.GetCountersResponse };
  readonly GetParameters: { readonly request: device.GetParameters; readonly response: device.GetParametersResponse };
  readonly SetParameters: { readonly request: device.SetParameters; readonly response: device.SetParametersResponse };
  readonly ExecuteCommand: { readonly request: device.ExecuteCommand; readonly response: device.ExecuteCommandResponse };
  readonly CollectLogs: { readonly request: device.CollectLogs; readonly response: device.CollectLogsResponse };
  readonly ShowResult: { readonly request: device.ShowResult; readonly response: device.ShowResultResponse };
  readonly ConfirmAlive: { readonly request: device.ConfirmAlive; readonly response: device.ConfirmAliveResponse };
  readonly GetApplications: { readonly request: device.GetApplications; readonly response: device.GetApplicationsResponse };
  readonly SetApplication: { readonly request: device.SetApplication; readonly response: device.SetApplicationResponse };
  readonly ListFiles: { readonly request: device.ListFiles; readonly response: device.ListFilesResponse };
  readonly ReadFile: { readonly request: device.ReadFile; readonly response: device.ReadFileResponse };
  readonly WriteFile: { readonly request: device.WriteFile; readonly response: device.WriteFileResponse };
  readonly DeleteFile: { readonly request: device.DeleteFile; readonly response: device.DeleteFileResponse };
}

/** What an intermediary calls on a device. Document/literal wrapped, SOAP 1.1 and 1.2. */
export const deviceContract: Contract<DeviceOperations> = defineContract<DeviceOperations>(schema, {
  name: 'Device',
  namespace: 'urn:postern:device:1:service',
  file: 'device.wsdl',
  operations: {
    StoreOneTimePassword: {
      soapAction: 'urn:postern:device:1:StoreOneTimePassword',
      request: 'device.StoreOneTimePassword',
      response: 'device.StoreOneTimePasswordResponse',
    },
    GenerateOneTimePassword: {
      soapAction: 'urn:postern:device:1:GenerateOneTimePassword',
      request: 'device.GenerateOneTimePassword',
      response: 'device.GenerateOneTimePasswordResponse',
    },
    InvalidateOneTimePassword: {
      soapAction: 'urn:postern:device:1:InvalidateOneTimePassword',
      request: 'device.InvalidateOneTimePassword',
      response: 'device.InvalidateOneTimePasswordResponse',
    },
    ConcludeUpdate: {
      soapAction: 'urn:postern:device:1:ConcludeUpdate',
      request: 'device.ConcludeUpdate',
      response: 'device.ConcludeUpdateResponse',
    },
    MarkPasswordUsed: {
      soapAction: 'urn:postern:device:1:MarkPasswordUsed',
      request: 'device.MarkPasswordUsed',
      response: 'device.MarkPasswordUsedResponse',
    },
    GetDeviceInformation: {
      soapAction: 'urn:postern:device:1:GetDeviceInformation',
      request: 'device.GetDeviceInformation',
      response: 'device.GetDeviceInformationResponse',
    },
    GetCounters: {
      soapAction: 'urn:postern:device:1:GetCounters',
      request: 'device.GetCounters',
      response: 'device.GetCountersResponse',
    },
    GetParameters: {
      soapAction: 'urn:postern:device:1:GetParameters',
      request: 'device.GetParameters',
      response: 'device.GetParametersResponse',
    },
    SetParameters: {
      soapAction: 'urn:postern:device:1:SetParameters',
      request: 'device.SetParameters',
      response: 'device.SetParametersResponse',
    },
    ExecuteCommand: {
      soapAction: 'urn:postern:device:1:ExecuteCommand',
      request: 'device.ExecuteCommand',
      response: 'device.ExecuteCommandResponse',
    },
    CollectLogs: {
      soapAction: 'urn:postern:device:1:CollectLogs',
      request: 'device.CollectLogs',
      response: 'device.CollectLogsResponse',
    },
    ShowResult: {
      soapAction: 'urn:postern:device:1:ShowResult',
      request: 'device.ShowResult',
      response: 'device.ShowResultResponse',
    },
    ConfirmAlive: {
      soapAction: 'urn:postern:device:1:ConfirmAlive',
      request: 'device.ConfirmAlive',
      response: 'device.ConfirmAliveResponse',
    },
    GetApplications: {
      soapAction: 'urn:postern:device:1:GetApplications',
      request: 'device.GetApplications',
      response: 'device.GetApplicationsResponse',
    },
    SetApplication: {
      soapAction: 'urn:postern:device:1:SetApplication',
      request: 'device.SetApplication',
      response: 'device.SetApplicationResponse',
    },
    ListFiles: {
      soapAction: 'urn:postern:device:1:ListFiles',
      request: 'device.ListFiles',
      response: 'device.ListFilesResponse',
    },
    ReadFile: {
      soapAction: 'urn:postern:device:1:ReadFile',
      request: 'device.ReadFile',
      response: 'device.ReadFileResponse',
    },
    WriteFile: {
      soapAction: 'urn:postern:device:1:WriteFile',
      request: 'device.WriteFile',
      response: 'device.WriteFileResponse',
    },
    DeleteFile: {
      soapAction: 'urn:postern:device:1:DeleteFile',
      request: 'device.DeleteFile',
      response: 'device.DeleteFileResponse',
    },
  },
});

/** The operations of intermediary.wsdl. */
export interface IntermediaryOperations {
  readonly NotifyStart: { readonly request: intermediary.NotifyStart; readonly response: intermediary.NotifyStartResponse };
  readonly Register: { readonly request: intermediary.Register; readonly response: intermediary.RegisterResponse };
  readonly UserCall: { readonly request: intermediary.UserCall; readonly response: intermediary.UserCallResponse };
  readonly NotifySupply: { readonly request: intermediary.NotifySupply; readonly response: intermediary.NotifySupplyResponse };
  readonly NotifyAbnormality: { readonly request: intermediary.NotifyAbnormality; readonly response: intermediary.NotifyAbnormalityResponse };
  readonly RequestOneTimePassword: { readonly request: intermediary.RequestOneTimePassword; readonly response: intermediary.RequestOneTimePasswordResponse };
  readonly StoreOneTimePassword: { readonly request: intermediary.StoreOneTimePassword; readonly response: intermediary.StoreOneTimePasswordResponse };
  readonly EraseOneTimePassword: { readonly request: intermediary.EraseOneTimePassword; readonly response: intermediary.EraseOneTimePasswordResponse };
}

/** What a device calls on its intermediary. Document/literal wrapped, SOAP 1.1 and 1.2. */
export const intermediaryContract: Contract<IntermediaryOperations> = defineContract<IntermediaryOperations>(schema, {
  name: 'Intermediary',
  namespace: 'urn:postern:intermediary:1:service',
  file: 'intermediary.wsdl',
  operations: {
    NotifyStart: {
      soapAction: 'urn:postern:intermediary:1:NotifyStart',
      request: 'intermediary.NotifyStart',
      response: 'intermediary.NotifyStartResponse',
    },
    Register: {
      soapAction: 'urn:postern:intermediary:1:Register',
      request: 'intermediary.Register',
      response: 'intermediary.RegisterResponse',
    },
    UserCall: {
      soapAction: 'urn:postern:intermediary:1:UserCall',
      request: 'intermediary.UserCall',
      response: 'intermediary.UserCallResponse',
    },
    NotifySupply: {
      soapAction: 'urn:postern:intermediary:1:NotifySupply',
      request: 'intermediary.NotifySupply',
      response: 'intermediary.NotifySupplyResponse',
    },
    NotifyAbnormality: {
      soapAction: 'urn:postern:intermediary:1:NotifyAbnormality',
      request: 'intermediary.NotifyAbnormality',
      response: 'intermediary.NotifyAbnormalityResponse',
    },
    RequestOneTimePassword: {
      soapAction: 'urn:postern:intermediary:1:RequestOneTimePassword',
      request: 'intermediary.RequestOneTimePassword',
      response: 'intermediary.RequestOneTimePasswordResponse',
    },
    StoreOneTimePassword: {
      soapAction: 'urn:postern:intermediary:1:StoreOneTimePassword',
      request: 'intermediary.StoreOneTimePassword',
      response: 'intermediary.StoreOneTimePasswordResponse',
    },
    EraseOneTimePassword: {
      soapAction: 'urn:postern:intermediary:1:EraseOneTimePassword',
      request: 'intermediary.EraseOneTimePassword',
      response: 'intermediary.EraseOneTimePasswordResponse',
    },
  },
});

/** The operations of operator.wsdl. */
export interface OperatorOperations {
  readonly ListDevices: { readonly request: operator.ListDevices; readonly response: operator.ListDevicesResponse };
  readonly GetDevice: { readonly request: operator.GetDevice; readonly response: operator.GetDeviceResponse };
  readonly ListIntermediaries: { readonly request: operator.ListIntermediaries; readonly response: operator.ListIntermediariesResponse };
  readonly ListSoftware: { readonly request: operator.ListSoftware; readonly response: operator.ListSoftwareResponse };
  readonly RegisterSoftware: { readonly request: operator.RegisterSoftware; readonly response: operator.RegisterSoftwareResponse };
  readonly OrderUpdate: { readonly request: operator.OrderUpdate; readonly response: operator.OrderUpdateResponse };
  readonly GetUpdate: { readonly request: operator.GetUpdate; readonly response: operator.GetUpdateResponse };
  readonly ListUpdates: { readonly request: operator.ListUpdates; readonly response: operator.ListUpdatesResponse };
  readonly GetUpdateJournal: { readonly request: operator.GetUpdateJournal; readonly response: operator.GetUpdateJournalResponse };
  readonly CancelUpdate: { readonly request: operator.CancelUpdate; readonly response: operator.CancelUpdateResponse };
  readonly OrderRequests: { readonly request: operator.OrderRequests; readonly response: operator.OrderRequestsResponse };
  readonly GetOrder: { readonly request: operator.GetOrder; readonly response: operator.GetOrderResponse };
  readonly GetRequest: { readonly request: operator.GetRequest; readonly response: operator.GetRequestResponse };
  readonly ListRequests: { readonly request: operator.ListRequests; readonly response: operator.ListRequestsResponse };
  readonly WithdrawRequest: { readonly request: operator.WithdrawRequest; readonly response: operator.WithdrawRequestResponse };
  readonly ListNotices: { readonly request: operator.ListNotices; readonly response: operator.ListNoticesResponse };
  readonly FollowNotices: { readonly request: operator.FollowNotices; readonly response: operator.FollowNoticesResponse };
  readonly GetNotice: { readonly request: operator.GetNotice; readonly response: operator.GetNoticeResponse };
  readonly AnswerCall: { readonly request: operator.AnswerCall; readonly response: operator.AnswerCallResponse };
}

/**
 * What back-office systems call on the management server: devices and their counters, software and updates,
 * requests to devices and intermediaries, calls and notices. It needs a client certificate of the role
 * operator, or the operator token (HTTP Basic as user "operator", or Bearer). Document/literal wrapped,
 * SOAP 1.1 and 1.2.
 */
export const operatorContract: Contract<OperatorOperations> = defineContract<OperatorOperations>(schema, {
  name: 'Operator',
  namespace: 'urn:postern:operator:1:service',
  file: 'operator.wsdl',
  operations: {
    ListDevices: {
      soapAction: 'urn:postern:operator:1:ListDevices',
      request: 'operator.ListDevices',
      response: 'operator.ListDevicesResponse',
    },
    GetDevice: {
      soapAction: 'urn:postern:operator:1:GetDevice',
      request: 'operator.GetDevice',
      response: 'operator.GetDeviceResponse',
    },
    ListIntermediaries: {
      soapAction: 'urn:postern:operator:1:ListIntermediaries',
      request: 'operator.ListIntermediaries',
      response: 'operator.ListIntermediariesResponse',
    },
    ListSoftware: {
      soapAction: 'urn:postern:operator:1:ListSoftware',
      request: 'operator.ListSoftware',
      response: 'operator.ListSoftwareResponse',
    },
    RegisterSoftware: {
      soapAction: 'urn:postern:operator:1:RegisterSoftware',
      request: 'operator.RegisterSoftware',
      response: 'operator.RegisterSoftwareResponse',
    },
    OrderUpdate: {
      soapAction: 'urn:postern:operator:1:OrderUpdate',
      request: 'operator.OrderUpdate',
      response: 'operator.OrderUpdateResponse',
    },
    GetUpdate: {
      soapAction: 'urn:postern:operator:1:GetUpdate',
      request: 'operator.GetUpdate',
      response: 'operator.GetUpdateResponse',
    },
    ListUpdates: {
      soapAction: 'urn:postern:operator:1:ListUpdates',
      request: 'operator.ListUpdates',
      response: 'operator.ListUpdatesResponse',
    },
    GetUpdateJournal: {
      soapAction: 'urn:postern:operator:1:GetUpdateJournal',
      request: 'operator.GetUpdateJournal',
      response: 'operator.GetUpdateJournalResponse',
    },
    CancelUpdate: {
      soapAction: 'urn:postern:operator:1:CancelUpdate',
      request: 'operator.CancelUpdate',
      response: 'operator.CancelUpdateResponse',
    },
    OrderRequests: {
      soapAction: 'urn:postern:operator:1:OrderRequests',
      request: 'operator.OrderRequests',
      response: 'operator.OrderRequestsResponse',
    },
    GetOrder: {
      soapAction: 'urn:postern:operator:1:GetOrder',
      request: 'operator.GetOrder',
      response: 'operator.GetOrderResponse',
    },
    GetRequest: {
      soapAction: 'urn:postern:operator:1:GetRequest',
      request: 'operator.GetRequest',
      response: 'operator.GetRequestResponse',
    },
    ListRequests: {
      soapAction: 'urn:postern:operator:1:ListRequests',
      request: 'operator.ListRequests',
      response: 'operator.ListRequestsResponse',
    },
    WithdrawRequest: {
      soapAction: 'urn:postern:operator:1:WithdrawRequest',
      request: 'operator.WithdrawRequest',
      response: 'operator.WithdrawRequestResponse',
    },
    ListNotices: {
      soapAction: 'urn:postern:operator:1:ListNotices',
      request: 'operator.ListNotices',
      response: 'operator.ListNoticesResponse',
    },
    FollowNotices: {
      soapAction: 'urn:postern:operator:1:FollowNotices',
      request: 'operator.FollowNotices',
      response: 'operator.FollowNoticesResponse',
    },
    GetNotice: {
      soapAction: 'urn:postern:operator:1:GetNotice',
      request: 'operator.GetNotice',
      response: 'operator.GetNoticeResponse',
    },
    AnswerCall: {
      soapAction: 'urn:postern:operator:1:AnswerCall',
      request: 'operator.AnswerCall',
      response: 'operator.AnswerCallResponse',
    },
  },
});

/** The operations of uplink.wsdl. */
export interface UplinkOperations {
  readonly Poll: { readonly request: uplink.Poll; readonly response: uplink.PollResponse };
  readonly Deliver: { readonly request: uplink.Deliver; readonly response: uplink.DeliverResponse };
}

/**
 * What an intermediary calls on the management server or on the intermediary above it. Images are fetched
 * from /images/SHA-256 on the same listener (HTTP GET with Range). Document/literal wrapped, SOAP 1.1 and
 * 1.2.
 */
export const uplinkContract: Contract<UplinkOperations> = defineContract<UplinkOperations>(schema, {
  name: 'Uplink',
  namespace: 'urn:postern:uplink:1:service',
  file: 'uplink.wsdl',
  operations: {
    Poll: {
      soapAction: 'urn:postern:uplink:1:Poll',
      request: 'uplink.Poll',
      response: 'uplink.PollResponse',
    },
    Deliver: {
      soapAction: 'urn:postern:uplink:1:Deliver',
      request: 'uplink.Deliver',
      response: 'uplink.DeliverResponse',
    },
  },
});
