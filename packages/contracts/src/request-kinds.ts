import type { RequestBody } from './generated/uplink.ts';

/** Every kind of request that travels down. */
export type RequestKind = RequestBody['kind'];

/** Whom a kind of request can be for: a device, an intermediary, or either of the two. */
export type Addressee = 'device' | 'intermediary' | 'either';

/** What is true of a kind of request, whoever handles it. */
export interface RequestTraits {
  readonly addressee: Addressee;
  /** It changes something at its target: not to be carried out twice. */
  readonly changes: boolean;
}

const reads = (addressee: Addressee): RequestTraits => ({ addressee, changes: false });
const changes = (addressee: Addressee): RequestTraits => ({ addressee, changes: true });

/**
 * The requests that are about no update: what an operator can ask of devices and intermediaries. An intermediary has no
 * applications or files of its own.
 *
 * @spec I1 I2 R5
 */
export const REQUEST_TRAITS = {
  GetDeviceInformation: reads('either'),
  GetCounters: reads('either'),
  GetParameters: reads('either'),
  SetParameters: changes('either'),
  ExecuteCommand: changes('device'),
  CollectLogs: reads('either'),
  ShowResult: changes('device'),
  ConfirmAlive: reads('either'),
  SetPolling: changes('intermediary'),
  Activate: changes('device'),
  SearchDevices: changes('intermediary'),
  SetSchedule: changes('intermediary'),
  GetApplications: reads('device'),
  SetApplication: changes('device'),
  ListFiles: reads('device'),
  ReadFile: reads('device'),
  WriteFile: changes('device'),
  DeleteFile: changes('device'),
  GetConnections: reads('intermediary'),
} as const satisfies Partial<Record<RequestKind, RequestTraits>>;

/** A kind of request about no update. */
export type RemoteRequestKind = keyof typeof REQUEST_TRAITS;

/** In the order of the contract. */
export const REMOTE_REQUEST_KINDS = Object.keys(REQUEST_TRAITS) as readonly RemoteRequestKind[];

export const isRemoteRequestKind = (kind: string): kind is RemoteRequestKind =>
  Object.hasOwn(REQUEST_TRAITS, kind);
