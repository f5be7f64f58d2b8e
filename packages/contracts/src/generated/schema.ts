// Generated from wsdl/*.xsd; do not edit. Run `npm run generate`.
import type { Schema } from '../codec/schema.ts';

const TYPES = 'urn:postern:types:1';
const DEVICE = 'urn:postern:device:1';
const INTERMEDIARY = 'urn:postern:intermediary:1';
const OPERATOR = 'urn:postern:operator:1';
const UPLINK = 'urn:postern:uplink:1';

/** Every type and element of the contracts, by `file.Name`. */
export const schema: Schema = {
  simpleTypes: {
    'device.ApplicationState': { primitive: 'string', enumeration: ['running', 'stopped'] },
    'device.Assurance': { primitive: 'string', enumeration: ['full', 'partial', 'patent'] },
    'device.AssuranceGap': { primitive: 'string', enumeration: ['manifest-unchecked', 'reports-unauthenticated', 'device-unauthenticated', 'updater-unauthenticated', 'listed-password'] },
    'device.ConnectionState': { primitive: 'string', enumeration: ['active', 'silent', 'found', 'released'] },
    'device.CredentialEnd': { primitive: 'string', enumeration: ['erased', 'owed', 'none'] },
    'device.CredentialPurpose': { primitive: 'string', enumeration: ['update', 'erasure'] },
    'device.DeviceState': { primitive: 'string', enumeration: ['ready', 'busy', 'energy-saving', 'updating'] },
    'device.Direction': { primitive: 'string', enumeration: ['to-device', 'from-device', 'to-server', 'from-server', 'inside'] },
    'device.Invalidation': { primitive: 'string', enumeration: ['overwrite-random', 'overwrite-fixed', 'request'] },
    'device.OrderOrigin': { primitive: 'string', enumeration: ['server', 'panel', 'operation-port', 'schedule'] },
    'device.Outcome': { primitive: 'string', enumeration: ['succeeded', 'failed', 'pending'] },
    'device.Party': { primitive: 'string', enumeration: ['updater', 'target'] },
    'device.PasswordDelivery': { primitive: 'string', enumeration: ['in-response', 'by-request'] },
    'device.Path': { primitive: 'string', enumeration: ['uplink', 'secure', 'bulk', 'notice', 'local'] },
    'device.ScheduledTask': { primitive: 'string', enumeration: ['check-versions', 'collect-logs', 'read-counters'] },
    'device.SearchMethod': { primitive: 'string', enumeration: ['dns-sd', 'address-range'] },
    'device.SecureLink': { primitive: 'string', enumeration: ['mutual', 'intermediary-authenticated', 'device-authenticated'] },
    'device.StepOutcome': { primitive: 'string', enumeration: ['started', 'done', 'failed'] },
    'device.UpdateOutcome': { primitive: 'string', enumeration: ['verified', 'not-required', 'failed', 'cancelled'] },
    'intermediary.Percent': { primitive: 'integer', minimum: 0, maximum: 100 },
    'intermediary.Program': { primitive: 'string', enumeration: ['firmware', 'updater-program'] },
    'operator.CallOutcome': { primitive: 'string', enumeration: ['succeeded', 'failed'] },
    'operator.DeadlineSeconds': { primitive: 'integer', minimum: 1, maximum: 2678400 },
    'operator.NoticeKind': { primitive: 'string', enumeration: ['UserCall', 'NotifySupply', 'NotifyAbnormality', 'NotifyStart', 'Register', 'GetCountersResponse', 'CollectLogsResponse'] },
    'operator.NoticeState': { primitive: 'string', enumeration: ['noted', 'open', 'answered', 'deferred', 'delivered', 'expired', 'undelivered'] },
    'operator.PageLimit': { primitive: 'integer', minimum: 1, maximum: 1000 },
    'operator.RequestKind': { primitive: 'string', enumeration: ['GetDeviceInformation', 'GetCounters', 'GetParameters', 'SetParameters', 'ExecuteCommand', 'CollectLogs', 'ShowResult', 'ConfirmAlive', 'SetPolling', 'Activate', 'SearchDevices', 'FetchSoftware', 'SetSchedule', 'GetApplications', 'SetApplication', 'ListFiles', 'ReadFile', 'WriteFile', 'DeleteFile', 'GetConnections'] },
    'operator.RequestState': { primitive: 'string', enumeration: ['waiting', 'sent', 'taken', 'answered', 'refused', 'unreachable', 'expired', 'withdrawn'] },
    'operator.UpdateState': { primitive: 'string', enumeration: ['ordered', 'sent', 'running', 'verified', 'not-required', 'failed', 'cancelled', 'expired'] },
    'operator.WaitSeconds': { primitive: 'integer', minimum: 0, maximum: 50 },
    'operator.WayDown': { primitive: 'string', enumeration: ['poll', 'mail'] },
    'types.BulkPathKind': { primitive: 'string', enumeration: ['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp'] },
    'types.ComponentName': { primitive: 'string', patterns: [/^(?:[a-z0-9][a-z0-9.\-]{0,31})$/u] },
    'types.ErrorCode': { primitive: 'string', patterns: [/^(?:[a-z][a-z0-9\-]{0,63})$/u] },
    'types.FileContent': { primitive: 'base64Binary', maxLength: 49152 },
    'types.FileName': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9][A-Za-z0-9._\-]{0,63})$/u] },
    'types.HostText': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9.:_%\-]{1,255})$/u] },
    'types.Identifier': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9._\-]{1,64})$/u] },
    'types.LogLevel': { primitive: 'string', enumeration: ['debug', 'info', 'warn', 'error'] },
    'types.LogText': { primitive: 'string', maxLength: 65536 },
    'types.MessageAuthenticationCode': { primitive: 'string', patterns: [/^(?:[0-9a-f]{64})$/u] },
    'types.ModelName': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9][A-Za-z0-9 ._\-]{0,63})$/u] },
    'types.NodeName': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9][A-Za-z0-9._\-]{0,63})$/u] },
    'types.Nonce': { primitive: 'string', patterns: [/^(?:[0-9a-f]{32,64})$/u] },
    'types.OneTimePassword': { primitive: 'string', patterns: [/^(?:[!-~]{8,128})$/u], secret: true },
    'types.Port': { primitive: 'integer', minimum: 1, maximum: 65535 },
    'types.Seconds': { primitive: 'integer', minimum: 0, maximum: 2678400 },
    'types.Sha256': { primitive: 'string', patterns: [/^(?:[0-9a-f]{64})$/u] },
    'types.SignedManifest': { primitive: 'base64Binary', maxLength: 65536 },
    'types.SignedRecord': { primitive: 'base64Binary', maxLength: 65536 },
    'types.SymmetricKey': { primitive: 'base64Binary', minLength: 32, maxLength: 32, secret: true },
    'types.Text': { primitive: 'string', maxLength: 1024 },
    'types.VersionText': { primitive: 'string', patterns: [/^(?:[A-Za-z0-9][A-Za-z0-9.+_\-]{0,63})$/u] },
    'xs.base64Binary': { primitive: 'base64Binary' },
    'xs.boolean': { primitive: 'boolean' },
    'xs.dateTime': { primitive: 'dateTime' },
    'xs.string': { primitive: 'string' },
    'xs.unsignedByte': { primitive: 'integer', minimum: 0, maximum: 255 },
    'xs.unsignedInt': { primitive: 'integer', minimum: 0, maximum: 4294967295 },
    'xs.unsignedLong': { primitive: 'integer', minimum: 0, maximum: 9007199254740991 },
    'xs.unsignedShort': { primitive: 'integer', minimum: 0, maximum: 65535 },
  },
  complexTypes: {
    'device.Activate': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'active', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'device.ActivateResponse': { members: [] },
    'device.Application': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'state', type: 'device.ApplicationState', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'version', type: 'types.VersionText', min: 0, max: 1 },
      ],
    },
    'device.AssuranceGaps': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'gap', type: 'device.AssuranceGap', min: 0, max: 16 },
      ],
    },
    'device.CancelUpdate': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'device.CancelUpdateResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'cancelled', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'device.CollectLogs': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'since', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'minimumLevel', type: 'types.LogLevel', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'limit', type: 'xs.unsignedShort', min: 0, max: 1 },
      ],
    },
    'device.CollectLogsResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'entries', type: 'types.LogEntries', min: 1, max: 1 },
      ],
    },
    'device.ConcludeUpdate': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'invalidation', type: 'device.Invalidation', min: 1, max: 1 },
      ],
    },
    'device.ConcludeUpdateResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'device.ConfirmAlive': { members: [] },
    'device.ConfirmAliveResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'startedAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'state', type: 'device.DeviceState', min: 1, max: 1 },
      ],
    },
    'device.Connection': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'state', type: 'device.ConnectionState', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'address', type: 'types.HostText', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'lastContact', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'below', type: 'types.NodeName', min: 0, max: 1 },
      ],
    },
    'device.CredentialStored': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'authenticatedReports', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'manifestChecked', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkHostKey', type: 'types.Sha256', min: 0, max: 1 },
      ],
    },
    'device.DeleteFile': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.FileName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.DeleteFileResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'deleted', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'device.DeviceInformation': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'model', type: 'types.ModelName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'components', type: 'types.ComponentVersions', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'securePath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'serialNumber', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'profile', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'authenticatedReports', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'plainPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'freshnessNonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'secureLink', type: 'device.SecureLink', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'remembersRequests', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'device.ExecuteCommand': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'command', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'arguments', type: 'types.Parameters', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.ExecuteCommandResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'output', type: 'types.LogText', min: 1, max: 1 },
      ],
    },
    'device.FetchSoftware': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'signedManifest', type: 'types.SignedManifest', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
      ],
    },
    'device.FetchSoftwareResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'fetchedBytes', type: 'xs.unsignedLong', min: 1, max: 1 },
      ],
    },
    'device.FileEntry': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.FileName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'length', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'sha256', type: 'types.Sha256', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'modifiedAt', type: 'xs.dateTime', min: 1, max: 1 },
      ],
    },
    'device.GenerateOneTimePassword': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'lifetimeSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedManifest', type: 'types.SignedManifest', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'nonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedTime', type: 'types.SignedRecord', min: 0, max: 1 },
      ],
    },
    'device.GenerateOneTimePasswordResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'delivery', type: 'device.PasswordDelivery', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'oneTimePassword', type: 'types.OneTimePassword', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'reportKey', type: 'types.SymmetricKey', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'authenticatedReports', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'manifestChecked', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkHostKey', type: 'types.Sha256', min: 0, max: 1 },
      ],
    },
    'device.GetApplications': { members: [] },
    'device.GetApplicationsResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'application', type: 'device.Application', min: 0, max: 64 },
      ],
    },
    'device.GetConnections': { members: [] },
    'device.GetConnectionsResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'connection', type: 'device.Connection', min: 0, max: 1000 },
      ],
    },
    'device.GetCounters': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'names', type: 'types.Names', min: 0, max: 1 },
      ],
    },
    'device.GetCountersResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'counters', type: 'types.Counters', min: 1, max: 1 },
      ],
    },
    'device.GetDeviceInformation': { members: [] },
    'device.GetDeviceInformationResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'device', type: 'device.DeviceInformation', min: 1, max: 1 },
      ],
    },
    'device.GetParameters': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'names', type: 'types.Names', min: 0, max: 1 },
      ],
    },
    'device.GetParametersResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'parameters', type: 'types.Parameters', min: 1, max: 1 },
      ],
    },
    'device.InvalidateOneTimePassword': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'mac', type: 'types.MessageAuthenticationCode', min: 0, max: 1 },
      ],
    },
    'device.InvalidateOneTimePasswordResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'invalidated', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'device.Journal': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'step', type: 'device.JournalStep', min: 0, max: 500 },
      ],
    },
    'device.JournalStep': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'sequence', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'step', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'path', type: 'device.Path', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'direction', type: 'device.Direction', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'outcome', type: 'device.StepOutcome', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'code', type: 'types.ErrorCode', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'detail', type: 'types.Text', min: 0, max: 1 },
      ],
    },
    'device.ListFiles': { members: [] },
    'device.ListFilesResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'file', type: 'device.FileEntry', min: 0, max: 256 },
      ],
    },
    'device.MarkPasswordUsed': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'list', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'entry', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'lifetimeSeconds', type: 'types.Seconds', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedManifest', type: 'types.SignedManifest', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'nonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedTime', type: 'types.SignedRecord', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'mac', type: 'types.MessageAuthenticationCode', min: 0, max: 1 },
      ],
    },
    'device.MarkPasswordUsedResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'list', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'next', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'remaining', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'manifestChecked', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'device.ReadFile': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.FileName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'offset', type: 'xs.unsignedInt', min: 0, max: 1 },
      ],
    },
    'device.ReadFileResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'file', type: 'device.FileEntry', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'content', type: 'types.FileContent', min: 1, max: 1 },
      ],
    },
    'device.ScheduleEntry': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'task', type: 'device.ScheduledTask', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'expression', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'device.SearchDevices': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'method', type: 'device.SearchMethod', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'addressRange', type: 'types.Text', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'adopt', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'device.SearchDevicesResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'device', type: 'device.DeviceInformation', min: 0, max: 1000 },
      ],
    },
    'device.SetApplication': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'state', type: 'device.ApplicationState', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.SetApplicationResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'application', type: 'device.Application', min: 1, max: 1 },
      ],
    },
    'device.SetParameters': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'parameters', type: 'types.Parameters', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.SetParametersResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'parameters', type: 'types.Parameters', min: 1, max: 1 },
      ],
    },
    'device.SetPolling': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'intervalSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'holdSeconds', type: 'types.Seconds', min: 1, max: 1 },
      ],
    },
    'device.SetPollingResponse': { members: [] },
    'device.SetSchedule': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'entry', type: 'device.ScheduleEntry', min: 0, max: 64 },
      ],
    },
    'device.SetScheduleResponse': { members: [] },
    'device.ShowResult': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'inReplyTo', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'outcome', type: 'device.Outcome', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'text', type: 'types.Text', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.ShowResultResponse': { members: [] },
    'device.StoreOneTimePassword': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'oneTimePassword', type: 'types.OneTimePassword', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'lifetimeSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'purpose', type: 'device.CredentialPurpose', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedManifest', type: 'types.SignedManifest', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'reportKey', type: 'types.SymmetricKey', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'nonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedTime', type: 'types.SignedRecord', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'notifyStartAt', type: 'types.Endpoint', min: 0, max: 1 },
      ],
    },
    'device.UpdatePolicy': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'transferTries', type: 'xs.unsignedByte', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'restartTimeoutSeconds', type: 'types.Seconds', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'passwordGenerator', type: 'device.Party', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'eraser', type: 'device.Party', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'invalidation', type: 'device.Invalidation', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 0, max: 1 },
      ],
    },
    'device.UpdateSoftware': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'signedManifest', type: 'types.SignedManifest', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'deadlineSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'policy', type: 'device.UpdatePolicy', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'signedTime', type: 'types.SignedRecord', min: 0, max: 1 },
      ],
    },
    'device.UpdateSoftwareResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'state', type: 'device.UpdateOutcome', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'assurance', type: 'device.Assurance', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'components', type: 'types.ComponentVersions', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'failure', type: 'types.Failure', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'credential', type: 'device.CredentialEnd', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'journal', type: 'device.Journal', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'software', type: 'types.ModelName', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'orderedBy', type: 'device.OrderOrigin', min: 0, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'gaps', type: 'device.AssuranceGaps', min: 0, max: 1 },
      ],
    },
    'device.WriteFile': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'name', type: 'types.FileName', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'length', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'sha256', type: 'types.Sha256', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'offset', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'content', type: 'types.FileContent', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'requestId', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'device.WriteFileResponse': {
      members: [
        { kind: 'element', namespace: DEVICE, name: 'received', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: DEVICE, name: 'complete', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'intermediary.Answer': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'inReplyTo', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'outcome', type: 'device.Outcome', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'text', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'intermediary.EraseOneTimePassword': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'erasurePassword', type: 'types.OneTimePassword', min: 0, max: 1 },
      ],
    },
    'intermediary.EraseOneTimePasswordResponse': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'intermediary.NotifyAbnormality': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'noticeId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'code', type: 'types.ErrorCode', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'text', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'intermediary.NotifyStart': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'program', type: 'intermediary.Program', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'components', type: 'types.ComponentVersions', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'mac', type: 'types.MessageAuthenticationCode', min: 0, max: 1 },
      ],
    },
    'intermediary.NotifyStartResponse': { members: [] },
    'intermediary.NotifySupply': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'noticeId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'supply', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'remainingPercent', type: 'intermediary.Percent', min: 1, max: 1 },
      ],
    },
    'intermediary.Register': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'device', type: 'device.DeviceInformation', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'placement', type: 'types.SignedRecord', min: 0, max: 1 },
      ],
    },
    'intermediary.RegisterResponse': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'active', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'intermediaryId', type: 'types.NodeName', min: 1, max: 1 },
      ],
    },
    'intermediary.RequestOneTimePassword': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'orderId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'component', type: 'types.ComponentName', min: 0, max: 1 },
      ],
    },
    'intermediary.RequestOneTimePasswordResponse': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'accepted', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'failure', type: 'types.Failure', min: 0, max: 1 },
      ],
    },
    'intermediary.StoreOneTimePassword': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'oneTimePassword', type: 'types.OneTimePassword', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'lifetimeSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'reportKey', type: 'types.SymmetricKey', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'bulkHostKey', type: 'types.Sha256', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'manifestChecked', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'intermediary.StoreOneTimePasswordResponse': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'jobId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'userName', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'signedManifest', type: 'types.SignedManifest', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'nonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'keyRotations', type: 'types.SignedRecords', min: 0, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'signedTime', type: 'types.SignedRecord', min: 0, max: 1 },
      ],
    },
    'intermediary.UserCall': {
      members: [
        { kind: 'element', namespace: INTERMEDIARY, name: 'callId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: INTERMEDIARY, name: 'reason', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'operator.AnswerCall': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'noticeId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'outcome', type: 'operator.CallOutcome', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'text', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'operator.AnswerCallResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'notice', type: 'operator.Notice', min: 1, max: 1 },
      ],
    },
    'operator.AnswerContent': {
      members: [
        { kind: 'choice', options: [
          { kind: 'element', namespace: DEVICE, name: 'GetDeviceInformationResponse', type: 'device.GetDeviceInformationResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCountersResponse', type: 'device.GetCountersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetParametersResponse', type: 'device.GetParametersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetParametersResponse', type: 'device.SetParametersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ExecuteCommandResponse', type: 'device.ExecuteCommandResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogsResponse', type: 'device.CollectLogsResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ShowResultResponse', type: 'device.ShowResultResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ConfirmAliveResponse', type: 'device.ConfirmAliveResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetPollingResponse', type: 'device.SetPollingResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ActivateResponse', type: 'device.ActivateResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SearchDevicesResponse', type: 'device.SearchDevicesResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'FetchSoftwareResponse', type: 'device.FetchSoftwareResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetScheduleResponse', type: 'device.SetScheduleResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetApplicationsResponse', type: 'device.GetApplicationsResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetApplicationResponse', type: 'device.SetApplicationResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ListFilesResponse', type: 'device.ListFilesResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ReadFileResponse', type: 'device.ReadFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'WriteFileResponse', type: 'device.WriteFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'DeleteFileResponse', type: 'device.DeleteFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetConnectionsResponse', type: 'device.GetConnectionsResponse', min: 1, max: 1 },
        ] },
      ],
    },
    'operator.CallAnswer': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'outcome', type: 'device.Outcome', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'text', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'operator.CancelUpdate': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'updateId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'operator.CancelUpdateResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'update', type: 'operator.Update', min: 1, max: 1 },
      ],
    },
    'operator.CounterReading': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'name', type: 'types.ComponentName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'value', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
      ],
    },
    'operator.CounterReadings': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'counter', type: 'operator.CounterReading', min: 0, max: 256 },
      ],
    },
    'operator.Device': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'model', type: 'types.ModelName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'components', type: 'types.ComponentVersions', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'bulkPathKind', type: 'types.BulkPathKind', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'route', type: 'operator.NodeNames', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'present', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'changedAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'active', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'serialNumber', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'profile', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'securePath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'bulkPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'plainPath', type: 'types.Endpoint', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'authenticatedReports', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'freshnessNonce', type: 'types.Nonce', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'lastContact', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediaryLastSeen', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'counters', type: 'operator.CounterReadings', min: 0, max: 1 },
      ],
    },
    'operator.DevicePage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'device', type: 'operator.Device', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.FollowNotices': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'since', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.NoticeKind', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'waitSeconds', type: 'operator.WaitSeconds', min: 0, max: 1 },
      ],
    },
    'operator.FollowNoticesResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.NoticePage', min: 1, max: 1 },
      ],
    },
    'operator.Gap': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'gap', type: 'device.AssuranceGap', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'meaning', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'operator.Gaps': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'gap', type: 'operator.Gap', min: 0, max: 16 },
      ],
    },
    'operator.GetDevice': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
      ],
    },
    'operator.GetDeviceResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'device', type: 'operator.Device', min: 1, max: 1 },
      ],
    },
    'operator.GetNotice': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'noticeId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'operator.GetNoticeResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'notice', type: 'operator.Notice', min: 1, max: 1 },
      ],
    },
    'operator.GetOrder': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'orderId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'waitSeconds', type: 'operator.WaitSeconds', min: 0, max: 1 },
      ],
    },
    'operator.GetOrderResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'order', type: 'operator.Order', min: 1, max: 1 },
      ],
    },
    'operator.GetRequest': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'waitSeconds', type: 'operator.WaitSeconds', min: 0, max: 1 },
      ],
    },
    'operator.GetRequestResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'request', type: 'operator.Request', min: 1, max: 1 },
      ],
    },
    'operator.GetUpdate': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'updateId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'waitSeconds', type: 'operator.WaitSeconds', min: 0, max: 1 },
      ],
    },
    'operator.GetUpdateJournal': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'updateId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'operator.GetUpdateJournalResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'journal', type: 'operator.UpdateJournal', min: 1, max: 1 },
      ],
    },
    'operator.GetUpdateResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'update', type: 'operator.Update', min: 1, max: 1 },
      ],
    },
    'operator.Intermediary': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'name', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'route', type: 'operator.NodeNames', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'via', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'lastSeen', type: 'xs.dateTime', min: 0, max: 1 },
      ],
    },
    'operator.IntermediaryPage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'operator.Intermediary', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.ListDevices': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'model', type: 'types.ModelName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'profile', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'withCounters', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListDevicesResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.DevicePage', min: 1, max: 1 },
      ],
    },
    'operator.ListIntermediaries': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListIntermediariesResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.IntermediaryPage', min: 1, max: 1 },
      ],
    },
    'operator.ListNotices': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.NoticeKind', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'open', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListNoticesResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.NoticePage', min: 1, max: 1 },
      ],
    },
    'operator.ListRequests': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'orderId', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'target', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.RequestKind', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'state', type: 'operator.RequestState', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListRequestsResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.RequestPage', min: 1, max: 1 },
      ],
    },
    'operator.ListSoftware': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListSoftwareResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.SoftwarePage', min: 1, max: 1 },
      ],
    },
    'operator.ListUpdates': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'after', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'limit', type: 'operator.PageLimit', min: 0, max: 1 },
      ],
    },
    'operator.ListUpdatesResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'page', type: 'operator.UpdatePage', min: 1, max: 1 },
      ],
    },
    'operator.NodeNames': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'node', type: 'types.NodeName', min: 0, max: 16 },
      ],
    },
    'operator.Notice': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.NoticeKind', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'route', type: 'operator.NodeNames', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'missed', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'state', type: 'operator.NoticeState', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'siteAt', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answer', type: 'operator.CallAnswer', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answeredAt', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'content', type: 'operator.NoticeContent', min: 0, max: 1 },
      ],
    },
    'operator.NoticeContent': {
      members: [
        { kind: 'choice', options: [
          { kind: 'element', namespace: INTERMEDIARY, name: 'UserCall', type: 'intermediary.UserCall', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifySupply', type: 'intermediary.NotifySupply', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifyAbnormality', type: 'intermediary.NotifyAbnormality', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifyStart', type: 'intermediary.NotifyStart', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'Register', type: 'intermediary.Register', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCountersResponse', type: 'device.GetCountersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogsResponse', type: 'device.CollectLogsResponse', min: 1, max: 1 },
        ] },
      ],
    },
    'operator.NoticePage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'notice', type: 'operator.Notice', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.Order': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.RequestKind', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'request', type: 'operator.RequestContent', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'via', type: 'operator.WayDown', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'targets', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'orderedAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deadline', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'states', type: 'operator.StateCounts', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'ended', type: 'xs.boolean', min: 1, max: 1 },
      ],
    },
    'operator.OrderRequests': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'request', type: 'operator.RequestContent', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'targets', type: 'operator.Targets', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'selector', type: 'operator.Selector', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'at', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deadlineSeconds', type: 'operator.DeadlineSeconds', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'via', type: 'operator.WayDown', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'idempotencyKey', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.OrderRequestsResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'order', type: 'operator.Order', min: 1, max: 1 },
      ],
    },
    'operator.OrderUpdate': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'software', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deadlineSeconds', type: 'operator.DeadlineSeconds', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'policy', type: 'device.UpdatePolicy', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'idempotencyKey', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.OrderUpdateResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'update', type: 'operator.Update', min: 1, max: 1 },
      ],
    },
    'operator.Progress': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'doneBytes', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'totalBytes', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'bytesPerSecond', type: 'xs.unsignedLong', min: 0, max: 1 },
      ],
    },
    'operator.RegisterSoftware': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'signedManifest', type: 'types.SignedManifest', min: 1, max: 1 },
      ],
    },
    'operator.RegisterSoftwareResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'software', type: 'operator.Software', min: 1, max: 1 },
      ],
    },
    'operator.Request': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'kind', type: 'operator.RequestKind', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'target', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'state', type: 'operator.RequestState', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'orderedAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deadline', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answerLeftOut', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'order', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'softwareId', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'phase', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'endedAt', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answeredAt', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'fetchedBytes', type: 'xs.unsignedLong', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'failure', type: 'types.Failure', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answer', type: 'operator.AnswerContent', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'at', type: 'types.NodeName', min: 0, max: 1 },
      ],
    },
    'operator.RequestContent': {
      members: [
        { kind: 'choice', options: [
          { kind: 'element', namespace: DEVICE, name: 'GetDeviceInformation', type: 'device.GetDeviceInformation', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCounters', type: 'device.GetCounters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetParameters', type: 'device.GetParameters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetParameters', type: 'device.SetParameters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ExecuteCommand', type: 'device.ExecuteCommand', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogs', type: 'device.CollectLogs', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ShowResult', type: 'device.ShowResult', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ConfirmAlive', type: 'device.ConfirmAlive', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetPolling', type: 'device.SetPolling', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'Activate', type: 'device.Activate', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SearchDevices', type: 'device.SearchDevices', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetSchedule', type: 'device.SetSchedule', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetApplications', type: 'device.GetApplications', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetApplication', type: 'device.SetApplication', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ListFiles', type: 'device.ListFiles', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ReadFile', type: 'device.ReadFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'WriteFile', type: 'device.WriteFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'DeleteFile', type: 'device.DeleteFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetConnections', type: 'device.GetConnections', min: 1, max: 1 },
        ] },
      ],
    },
    'operator.RequestPage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'request', type: 'operator.Request', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.Selector': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'model', type: 'types.ModelName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'profile', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.Software': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'software', type: 'types.ModelName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'model', type: 'types.ModelName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'expires', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'components', type: 'operator.SoftwareComponents', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'registeredAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'warnings', type: 'operator.Warnings', min: 0, max: 1 },
      ],
    },
    'operator.SoftwareComponent': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'name', type: 'types.ComponentName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'version', type: 'types.VersionText', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'length', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'sha256', type: 'types.Sha256', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'releaseCounter', type: 'xs.unsignedLong', min: 1, max: 1 },
      ],
    },
    'operator.SoftwareComponents': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'component', type: 'operator.SoftwareComponent', min: 0, max: 64 },
      ],
    },
    'operator.SoftwarePage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'software', type: 'operator.Software', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.StateCounts': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'waiting', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'sent', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'taken', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'answered', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'refused', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'unreachable', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'expired', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'withdrawn', type: 'xs.unsignedInt', min: 1, max: 1 },
      ],
    },
    'operator.Targets': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'target', type: 'types.NodeName', min: 1, max: 1000 },
      ],
    },
    'operator.Update': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'id', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'intermediary', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'orderedBy', type: 'device.OrderOrigin', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'state', type: 'operator.UpdateState', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'cancelRequested', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'orderedAt', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'policy', type: 'device.UpdatePolicy', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'versions', type: 'types.ComponentVersions', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'reported', type: 'types.ComponentVersions', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'softwareId', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'software', type: 'types.ModelName', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'phase', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'progress', type: 'operator.Progress', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'deadline', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'finishedAt', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'assurance', type: 'device.Assurance', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'gaps', type: 'operator.Gaps', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'credential', type: 'device.CredentialEnd', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'failure', type: 'types.Failure', min: 0, max: 1 },
      ],
    },
    'operator.UpdateJournal': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'step', type: 'operator.UpdateStep', min: 0, max: 1000 },
      ],
    },
    'operator.UpdatePage': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'update', type: 'operator.Update', min: 0, max: 1000 },
        { kind: 'element', namespace: OPERATOR, name: 'next', type: 'types.Identifier', min: 0, max: 1 },
      ],
    },
    'operator.UpdateStep': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'sequence', type: 'xs.unsignedInt', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'step', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'path', type: 'device.Path', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'direction', type: 'device.Direction', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'outcome', type: 'device.StepOutcome', min: 1, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'title', type: 'types.Text', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'code', type: 'types.ErrorCode', min: 0, max: 1 },
        { kind: 'element', namespace: OPERATOR, name: 'detail', type: 'types.Text', min: 0, max: 1 },
      ],
    },
    'operator.Warnings': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'warning', type: 'types.Text', min: 0, max: 1000 },
      ],
    },
    'operator.WithdrawRequest': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
      ],
    },
    'operator.WithdrawRequestResponse': {
      members: [
        { kind: 'element', namespace: OPERATOR, name: 'request', type: 'operator.Request', min: 1, max: 1 },
      ],
    },
    'types.ComponentVersion': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'component', type: 'types.ComponentName', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'version', type: 'types.VersionText', min: 1, max: 1 },
      ],
    },
    'types.ComponentVersions': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'item', type: 'types.ComponentVersion', min: 0, max: 64 },
      ],
    },
    'types.Counter': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'name', type: 'types.ComponentName', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'value', type: 'xs.unsignedLong', min: 1, max: 1 },
      ],
    },
    'types.Counters': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'item', type: 'types.Counter', min: 0, max: 256 },
      ],
    },
    'types.Endpoint': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'host', type: 'types.HostText', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'port', type: 'types.Port', min: 1, max: 1 },
      ],
    },
    'types.Failure': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'code', type: 'types.ErrorCode', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'message', type: 'types.Text', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'hint', type: 'types.Text', min: 0, max: 1 },
      ],
    },
    'types.LogEntries': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'item', type: 'types.LogEntry', min: 0, max: 1000 },
      ],
    },
    'types.LogEntry': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'level', type: 'types.LogLevel', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'message', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'types.Names': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'name', type: 'types.Identifier', min: 0, max: 256 },
      ],
    },
    'types.Parameter': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'name', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: TYPES, name: 'value', type: 'types.Text', min: 1, max: 1 },
      ],
    },
    'types.Parameters': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'item', type: 'types.Parameter', min: 0, max: 256 },
      ],
    },
    'types.SignedRecords': {
      members: [
        { kind: 'element', namespace: TYPES, name: 'record', type: 'types.SignedRecord', min: 0, max: 16 },
      ],
    },
    'uplink.DeferredResponse': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'deliveryId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'answer', type: 'intermediary.Answer', min: 1, max: 1 },
      ],
    },
    'uplink.DeferredResponses': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'deferredResponse', type: 'uplink.DeferredResponse', min: 0, max: 256 },
      ],
    },
    'uplink.DelayNotice': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'phase', type: 'types.Identifier', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'progress', type: 'uplink.Progress', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'journal', type: 'device.Journal', min: 0, max: 1 },
      ],
    },
    'uplink.DelayNotices': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'delayNotice', type: 'uplink.DelayNotice', min: 0, max: 256 },
      ],
    },
    'uplink.Deliver': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'deliveryId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'route', type: 'uplink.Route', min: 1, max: 1 },
        { kind: 'choice', options: [
          { kind: 'element', namespace: INTERMEDIARY, name: 'UserCall', type: 'intermediary.UserCall', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifySupply', type: 'intermediary.NotifySupply', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifyAbnormality', type: 'intermediary.NotifyAbnormality', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'NotifyStart', type: 'intermediary.NotifyStart', min: 1, max: 1 },
          { kind: 'element', namespace: INTERMEDIARY, name: 'Register', type: 'intermediary.Register', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'UpdateSoftwareResponse', type: 'device.UpdateSoftwareResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCountersResponse', type: 'device.GetCountersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogsResponse', type: 'device.CollectLogsResponse', min: 1, max: 1 },
        ] },
        { kind: 'element', namespace: UPLINK, name: 'at', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'answeredAs', type: 'device.Outcome', min: 0, max: 1 },
      ],
    },
    'uplink.DeviceChange': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'information', type: 'device.DeviceInformation', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'lastContact', type: 'xs.dateTime', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'route', type: 'uplink.Route', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'active', type: 'xs.boolean', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'placement', type: 'types.SignedRecord', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'gone', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'uplink.DeviceChanges': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'revision', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'complete', type: 'xs.boolean', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'device', type: 'uplink.DeviceChange', min: 0, max: 1000 },
        { kind: 'element', namespace: UPLINK, name: 'intermediaries', type: 'uplink.IntermediariesBelow', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'since', type: 'xs.unsignedLong', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'more', type: 'xs.boolean', min: 0, max: 1 },
      ],
    },
    'uplink.Identifiers': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'id', type: 'types.Identifier', min: 0, max: 1000 },
      ],
    },
    'uplink.IntermediariesBelow': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'intermediary', type: 'uplink.IntermediaryBelow', min: 0, max: 256 },
      ],
    },
    'uplink.IntermediaryBelow': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'name', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'route', type: 'uplink.Route', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'lastContact', type: 'xs.dateTime', min: 0, max: 1 },
      ],
    },
    'uplink.Poll': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'sessionId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'holdSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'capacity', type: 'xs.unsignedShort', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'received', type: 'uplink.Identifiers', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'responses', type: 'uplink.Responses', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'delayNotices', type: 'uplink.DelayNotices', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'devices', type: 'uplink.DeviceChanges', min: 0, max: 1 },
      ],
    },
    'uplink.PollResponse': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'nextPollSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'acknowledged', type: 'uplink.Identifiers', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'requests', type: 'uplink.Requests', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'deferredResponses', type: 'uplink.DeferredResponses', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'devicesRevision', type: 'xs.unsignedLong', min: 0, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'refusedDevices', type: 'uplink.RefusedDevices', min: 0, max: 1 },
      ],
    },
    'uplink.Progress': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'doneBytes', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'totalBytes', type: 'xs.unsignedLong', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'bytesPerSecond', type: 'xs.unsignedLong', min: 0, max: 1 },
      ],
    },
    'uplink.RefusedDevice': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'deviceId', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'code', type: 'types.ErrorCode', min: 1, max: 1 },
      ],
    },
    'uplink.RefusedDevices': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'device', type: 'uplink.RefusedDevice', min: 0, max: 1000 },
      ],
    },
    'uplink.Request': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'target', type: 'types.NodeName', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'expiresInSeconds', type: 'types.Seconds', min: 1, max: 1 },
        { kind: 'choice', options: [
          { kind: 'element', namespace: DEVICE, name: 'UpdateSoftware', type: 'device.UpdateSoftware', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CancelUpdate', type: 'device.CancelUpdate', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetDeviceInformation', type: 'device.GetDeviceInformation', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCounters', type: 'device.GetCounters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetParameters', type: 'device.GetParameters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetParameters', type: 'device.SetParameters', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ExecuteCommand', type: 'device.ExecuteCommand', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogs', type: 'device.CollectLogs', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ShowResult', type: 'device.ShowResult', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ConfirmAlive', type: 'device.ConfirmAlive', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetPolling', type: 'device.SetPolling', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'Activate', type: 'device.Activate', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SearchDevices', type: 'device.SearchDevices', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'FetchSoftware', type: 'device.FetchSoftware', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetSchedule', type: 'device.SetSchedule', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetApplications', type: 'device.GetApplications', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetApplication', type: 'device.SetApplication', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ListFiles', type: 'device.ListFiles', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ReadFile', type: 'device.ReadFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'WriteFile', type: 'device.WriteFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'DeleteFile', type: 'device.DeleteFile', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetConnections', type: 'device.GetConnections', min: 1, max: 1 },
        ] },
        { kind: 'element', namespace: UPLINK, name: 'route', type: 'uplink.Route', min: 0, max: 1 },
      ],
    },
    'uplink.Requests': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'request', type: 'uplink.Request', min: 0, max: 256 },
      ],
    },
    'uplink.Response': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'requestId', type: 'types.Identifier', min: 1, max: 1 },
        { kind: 'element', namespace: UPLINK, name: 'at', type: 'xs.dateTime', min: 1, max: 1 },
        { kind: 'choice', options: [
          { kind: 'element', namespace: TYPES, name: 'Failure', type: 'types.Failure', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'UpdateSoftwareResponse', type: 'device.UpdateSoftwareResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CancelUpdateResponse', type: 'device.CancelUpdateResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetDeviceInformationResponse', type: 'device.GetDeviceInformationResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetCountersResponse', type: 'device.GetCountersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetParametersResponse', type: 'device.GetParametersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetParametersResponse', type: 'device.SetParametersResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ExecuteCommandResponse', type: 'device.ExecuteCommandResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'CollectLogsResponse', type: 'device.CollectLogsResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ShowResultResponse', type: 'device.ShowResultResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ConfirmAliveResponse', type: 'device.ConfirmAliveResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetPollingResponse', type: 'device.SetPollingResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ActivateResponse', type: 'device.ActivateResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SearchDevicesResponse', type: 'device.SearchDevicesResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'FetchSoftwareResponse', type: 'device.FetchSoftwareResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetScheduleResponse', type: 'device.SetScheduleResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetApplicationsResponse', type: 'device.GetApplicationsResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'SetApplicationResponse', type: 'device.SetApplicationResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ListFilesResponse', type: 'device.ListFilesResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'ReadFileResponse', type: 'device.ReadFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'WriteFileResponse', type: 'device.WriteFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'DeleteFileResponse', type: 'device.DeleteFileResponse', min: 1, max: 1 },
          { kind: 'element', namespace: DEVICE, name: 'GetConnectionsResponse', type: 'device.GetConnectionsResponse', min: 1, max: 1 },
        ] },
      ],
    },
    'uplink.Responses': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'response', type: 'uplink.Response', min: 0, max: 256 },
      ],
    },
    'uplink.Route': {
      members: [
        { kind: 'element', namespace: UPLINK, name: 'node', type: 'types.NodeName', min: 1, max: 16 },
      ],
    },
  },
  elements: {
    'types.Failure': { namespace: TYPES, name: 'Failure', type: 'types.Failure' },
    'device.StoreOneTimePassword': { namespace: DEVICE, name: 'StoreOneTimePassword', type: 'device.StoreOneTimePassword' },
    'device.StoreOneTimePasswordResponse': { namespace: DEVICE, name: 'StoreOneTimePasswordResponse', type: 'device.CredentialStored' },
    'device.GenerateOneTimePassword': { namespace: DEVICE, name: 'GenerateOneTimePassword', type: 'device.GenerateOneTimePassword' },
    'device.GenerateOneTimePasswordResponse': { namespace: DEVICE, name: 'GenerateOneTimePasswordResponse', type: 'device.GenerateOneTimePasswordResponse' },
    'device.InvalidateOneTimePassword': { namespace: DEVICE, name: 'InvalidateOneTimePassword', type: 'device.InvalidateOneTimePassword' },
    'device.InvalidateOneTimePasswordResponse': { namespace: DEVICE, name: 'InvalidateOneTimePasswordResponse', type: 'device.InvalidateOneTimePasswordResponse' },
    'device.ConcludeUpdate': { namespace: DEVICE, name: 'ConcludeUpdate', type: 'device.ConcludeUpdate' },
    'device.ConcludeUpdateResponse': { namespace: DEVICE, name: 'ConcludeUpdateResponse', type: 'device.ConcludeUpdateResponse' },
    'device.MarkPasswordUsed': { namespace: DEVICE, name: 'MarkPasswordUsed', type: 'device.MarkPasswordUsed' },
    'device.MarkPasswordUsedResponse': { namespace: DEVICE, name: 'MarkPasswordUsedResponse', type: 'device.MarkPasswordUsedResponse' },
    'device.GetDeviceInformation': { namespace: DEVICE, name: 'GetDeviceInformation', type: 'device.GetDeviceInformation' },
    'device.GetDeviceInformationResponse': { namespace: DEVICE, name: 'GetDeviceInformationResponse', type: 'device.GetDeviceInformationResponse' },
    'device.GetCounters': { namespace: DEVICE, name: 'GetCounters', type: 'device.GetCounters' },
    'device.GetCountersResponse': { namespace: DEVICE, name: 'GetCountersResponse', type: 'device.GetCountersResponse' },
    'device.GetParameters': { namespace: DEVICE, name: 'GetParameters', type: 'device.GetParameters' },
    'device.GetParametersResponse': { namespace: DEVICE, name: 'GetParametersResponse', type: 'device.GetParametersResponse' },
    'device.SetParameters': { namespace: DEVICE, name: 'SetParameters', type: 'device.SetParameters' },
    'device.SetParametersResponse': { namespace: DEVICE, name: 'SetParametersResponse', type: 'device.SetParametersResponse' },
    'device.ExecuteCommand': { namespace: DEVICE, name: 'ExecuteCommand', type: 'device.ExecuteCommand' },
    'device.ExecuteCommandResponse': { namespace: DEVICE, name: 'ExecuteCommandResponse', type: 'device.ExecuteCommandResponse' },
    'device.CollectLogs': { namespace: DEVICE, name: 'CollectLogs', type: 'device.CollectLogs' },
    'device.CollectLogsResponse': { namespace: DEVICE, name: 'CollectLogsResponse', type: 'device.CollectLogsResponse' },
    'device.ShowResult': { namespace: DEVICE, name: 'ShowResult', type: 'device.ShowResult' },
    'device.ShowResultResponse': { namespace: DEVICE, name: 'ShowResultResponse', type: 'device.ShowResultResponse' },
    'device.ConfirmAlive': { namespace: DEVICE, name: 'ConfirmAlive', type: 'device.ConfirmAlive' },
    'device.ConfirmAliveResponse': { namespace: DEVICE, name: 'ConfirmAliveResponse', type: 'device.ConfirmAliveResponse' },
    'device.GetApplications': { namespace: DEVICE, name: 'GetApplications', type: 'device.GetApplications' },
    'device.GetApplicationsResponse': { namespace: DEVICE, name: 'GetApplicationsResponse', type: 'device.GetApplicationsResponse' },
    'device.SetApplication': { namespace: DEVICE, name: 'SetApplication', type: 'device.SetApplication' },
    'device.SetApplicationResponse': { namespace: DEVICE, name: 'SetApplicationResponse', type: 'device.SetApplicationResponse' },
    'device.ListFiles': { namespace: DEVICE, name: 'ListFiles', type: 'device.ListFiles' },
    'device.ListFilesResponse': { namespace: DEVICE, name: 'ListFilesResponse', type: 'device.ListFilesResponse' },
    'device.ReadFile': { namespace: DEVICE, name: 'ReadFile', type: 'device.ReadFile' },
    'device.ReadFileResponse': { namespace: DEVICE, name: 'ReadFileResponse', type: 'device.ReadFileResponse' },
    'device.WriteFile': { namespace: DEVICE, name: 'WriteFile', type: 'device.WriteFile' },
    'device.WriteFileResponse': { namespace: DEVICE, name: 'WriteFileResponse', type: 'device.WriteFileResponse' },
    'device.DeleteFile': { namespace: DEVICE, name: 'DeleteFile', type: 'device.DeleteFile' },
    'device.DeleteFileResponse': { namespace: DEVICE, name: 'DeleteFileResponse', type: 'device.DeleteFileResponse' },
    'device.UpdateSoftware': { namespace: DEVICE, name: 'UpdateSoftware', type: 'device.UpdateSoftware' },
    'device.UpdateSoftwareResponse': { namespace: DEVICE, name: 'UpdateSoftwareResponse', type: 'device.UpdateSoftwareResponse' },
    'device.CancelUpdate': { namespace: DEVICE, name: 'CancelUpdate', type: 'device.CancelUpdate' },
    'device.CancelUpdateResponse': { namespace: DEVICE, name: 'CancelUpdateResponse', type: 'device.CancelUpdateResponse' },
    'device.SetPolling': { namespace: DEVICE, name: 'SetPolling', type: 'device.SetPolling' },
    'device.SetPollingResponse': { namespace: DEVICE, name: 'SetPollingResponse', type: 'device.SetPollingResponse' },
    'device.Activate': { namespace: DEVICE, name: 'Activate', type: 'device.Activate' },
    'device.ActivateResponse': { namespace: DEVICE, name: 'ActivateResponse', type: 'device.ActivateResponse' },
    'device.SearchDevices': { namespace: DEVICE, name: 'SearchDevices', type: 'device.SearchDevices' },
    'device.SearchDevicesResponse': { namespace: DEVICE, name: 'SearchDevicesResponse', type: 'device.SearchDevicesResponse' },
    'device.GetConnections': { namespace: DEVICE, name: 'GetConnections', type: 'device.GetConnections' },
    'device.GetConnectionsResponse': { namespace: DEVICE, name: 'GetConnectionsResponse', type: 'device.GetConnectionsResponse' },
    'device.FetchSoftware': { namespace: DEVICE, name: 'FetchSoftware', type: 'device.FetchSoftware' },
    'device.FetchSoftwareResponse': { namespace: DEVICE, name: 'FetchSoftwareResponse', type: 'device.FetchSoftwareResponse' },
    'device.SetSchedule': { namespace: DEVICE, name: 'SetSchedule', type: 'device.SetSchedule' },
    'device.SetScheduleResponse': { namespace: DEVICE, name: 'SetScheduleResponse', type: 'device.SetScheduleResponse' },
    'intermediary.NotifyStart': { namespace: INTERMEDIARY, name: 'NotifyStart', type: 'intermediary.NotifyStart' },
    'intermediary.NotifyStartResponse': { namespace: INTERMEDIARY, name: 'NotifyStartResponse', type: 'intermediary.NotifyStartResponse' },
    'intermediary.Register': { namespace: INTERMEDIARY, name: 'Register', type: 'intermediary.Register' },
    'intermediary.RegisterResponse': { namespace: INTERMEDIARY, name: 'RegisterResponse', type: 'intermediary.RegisterResponse' },
    'intermediary.UserCall': { namespace: INTERMEDIARY, name: 'UserCall', type: 'intermediary.UserCall' },
    'intermediary.UserCallResponse': { namespace: INTERMEDIARY, name: 'UserCallResponse', type: 'intermediary.Answer' },
    'intermediary.NotifySupply': { namespace: INTERMEDIARY, name: 'NotifySupply', type: 'intermediary.NotifySupply' },
    'intermediary.NotifySupplyResponse': { namespace: INTERMEDIARY, name: 'NotifySupplyResponse', type: 'intermediary.Answer' },
    'intermediary.NotifyAbnormality': { namespace: INTERMEDIARY, name: 'NotifyAbnormality', type: 'intermediary.NotifyAbnormality' },
    'intermediary.NotifyAbnormalityResponse': { namespace: INTERMEDIARY, name: 'NotifyAbnormalityResponse', type: 'intermediary.Answer' },
    'intermediary.RequestOneTimePassword': { namespace: INTERMEDIARY, name: 'RequestOneTimePassword', type: 'intermediary.RequestOneTimePassword' },
    'intermediary.RequestOneTimePasswordResponse': { namespace: INTERMEDIARY, name: 'RequestOneTimePasswordResponse', type: 'intermediary.RequestOneTimePasswordResponse' },
    'intermediary.StoreOneTimePassword': { namespace: INTERMEDIARY, name: 'StoreOneTimePassword', type: 'intermediary.StoreOneTimePassword' },
    'intermediary.StoreOneTimePasswordResponse': { namespace: INTERMEDIARY, name: 'StoreOneTimePasswordResponse', type: 'intermediary.StoreOneTimePasswordResponse' },
    'intermediary.EraseOneTimePassword': { namespace: INTERMEDIARY, name: 'EraseOneTimePassword', type: 'intermediary.EraseOneTimePassword' },
    'intermediary.EraseOneTimePasswordResponse': { namespace: INTERMEDIARY, name: 'EraseOneTimePasswordResponse', type: 'intermediary.EraseOneTimePasswordResponse' },
    'operator.ListDevices': { namespace: OPERATOR, name: 'ListDevices', type: 'operator.ListDevices' },
    'operator.ListDevicesResponse': { namespace: OPERATOR, name: 'ListDevicesResponse', type: 'operator.ListDevicesResponse' },
    'operator.GetDevice': { namespace: OPERATOR, name: 'GetDevice', type: 'operator.GetDevice' },
    'operator.GetDeviceResponse': { namespace: OPERATOR, name: 'GetDeviceResponse', type: 'operator.GetDeviceResponse' },
    'operator.ListIntermediaries': { namespace: OPERATOR, name: 'ListIntermediaries', type: 'operator.ListIntermediaries' },
    'operator.ListIntermediariesResponse': { namespace: OPERATOR, name: 'ListIntermediariesResponse', type: 'operator.ListIntermediariesResponse' },
    'operator.ListSoftware': { namespace: OPERATOR, name: 'ListSoftware', type: 'operator.ListSoftware' },
    'operator.ListSoftwareResponse': { namespace: OPERATOR, name: 'ListSoftwareResponse', type: 'operator.ListSoftwareResponse' },
    'operator.RegisterSoftware': { namespace: OPERATOR, name: 'RegisterSoftware', type: 'operator.RegisterSoftware' },
    'operator.RegisterSoftwareResponse': { namespace: OPERATOR, name: 'RegisterSoftwareResponse', type: 'operator.RegisterSoftwareResponse' },
    'operator.OrderUpdate': { namespace: OPERATOR, name: 'OrderUpdate', type: 'operator.OrderUpdate' },
    'operator.OrderUpdateResponse': { namespace: OPERATOR, name: 'OrderUpdateResponse', type: 'operator.OrderUpdateResponse' },
    'operator.GetUpdate': { namespace: OPERATOR, name: 'GetUpdate', type: 'operator.GetUpdate' },
    'operator.GetUpdateResponse': { namespace: OPERATOR, name: 'GetUpdateResponse', type: 'operator.GetUpdateResponse' },
    'operator.ListUpdates': { namespace: OPERATOR, name: 'ListUpdates', type: 'operator.ListUpdates' },
    'operator.ListUpdatesResponse': { namespace: OPERATOR, name: 'ListUpdatesResponse', type: 'operator.ListUpdatesResponse' },
    'operator.GetUpdateJournal': { namespace: OPERATOR, name: 'GetUpdateJournal', type: 'operator.GetUpdateJournal' },
    'operator.GetUpdateJournalResponse': { namespace: OPERATOR, name: 'GetUpdateJournalResponse', type: 'operator.GetUpdateJournalResponse' },
    'operator.CancelUpdate': { namespace: OPERATOR, name: 'CancelUpdate', type: 'operator.CancelUpdate' },
    'operator.CancelUpdateResponse': { namespace: OPERATOR, name: 'CancelUpdateResponse', type: 'operator.CancelUpdateResponse' },
    'operator.OrderRequests': { namespace: OPERATOR, name: 'OrderRequests', type: 'operator.OrderRequests' },
    'operator.OrderRequestsResponse': { namespace: OPERATOR, name: 'OrderRequestsResponse', type: 'operator.OrderRequestsResponse' },
    'operator.GetOrder': { namespace: OPERATOR, name: 'GetOrder', type: 'operator.GetOrder' },
    'operator.GetOrderResponse': { namespace: OPERATOR, name: 'GetOrderResponse', type: 'operator.GetOrderResponse' },
    'operator.GetRequest': { namespace: OPERATOR, name: 'GetRequest', type: 'operator.GetRequest' },
    'operator.GetRequestResponse': { namespace: OPERATOR, name: 'GetRequestResponse', type: 'operator.GetRequestResponse' },
    'operator.ListRequests': { namespace: OPERATOR, name: 'ListRequests', type: 'operator.ListRequests' },
    'operator.ListRequestsResponse': { namespace: OPERATOR, name: 'ListRequestsResponse', type: 'operator.ListRequestsResponse' },
    'operator.WithdrawRequest': { namespace: OPERATOR, name: 'WithdrawRequest', type: 'operator.WithdrawRequest' },
    'operator.WithdrawRequestResponse': { namespace: OPERATOR, name: 'WithdrawRequestResponse', type: 'operator.WithdrawRequestResponse' },
    'operator.ListNotices': { namespace: OPERATOR, name: 'ListNotices', type: 'operator.ListNotices' },
    'operator.ListNoticesResponse': { namespace: OPERATOR, name: 'ListNoticesResponse', type: 'operator.ListNoticesResponse' },
    'operator.FollowNotices': { namespace: OPERATOR, name: 'FollowNotices', type: 'operator.FollowNotices' },
    'operator.FollowNoticesResponse': { namespace: OPERATOR, name: 'FollowNoticesResponse', type: 'operator.FollowNoticesResponse' },
    'operator.GetNotice': { namespace: OPERATOR, name: 'GetNotice', type: 'operator.GetNotice' },
    'operator.GetNoticeResponse': { namespace: OPERATOR, name: 'GetNoticeResponse', type: 'operator.GetNoticeResponse' },
    'operator.AnswerCall': { namespace: OPERATOR, name: 'AnswerCall', type: 'operator.AnswerCall' },
    'operator.AnswerCallResponse': { namespace: OPERATOR, name: 'AnswerCallResponse', type: 'operator.AnswerCallResponse' },
    'uplink.Poll': { namespace: UPLINK, name: 'Poll', type: 'uplink.Poll' },
    'uplink.PollResponse': { namespace: UPLINK, name: 'PollResponse', type: 'uplink.PollResponse' },
    'uplink.Deliver': { namespace: UPLINK, name: 'Deliver', type: 'uplink.Deliver' },
    'uplink.DeliverResponse': { namespace: UPLINK, name: 'DeliverResponse', type: 'intermediary.Answer' },
  },
};
