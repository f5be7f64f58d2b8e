import {
  type DeviceOperations,
  deviceContract,
  isRemoteRequestKind,
  REQUEST_TRAITS,
  type RemoteRequestKind,
  type uplink,
} from '@postern/contracts';

/** What a request does at a device: reading can be done again at any time, a change must happen once. */
export type RequestClass = 'reading' | 'changing';

/**
 * The requests that are passed through to a device as they are: those that are operations of the device contract, too.
 * The answer to each has its name with `Response` behind it.
 *
 * @spec I1 I2
 */
export type DeviceRequestKind = RemoteRequestKind & keyof DeviceOperations;

/** A request to a device with its content. */
export type DeviceRequest = Extract<uplink.RequestBody, { readonly kind: DeviceRequestKind }>;

export const isDeviceRequestKind = (kind: string): kind is DeviceRequestKind =>
  isRemoteRequestKind(kind) && Object.hasOwn(deviceContract.operations, kind);

export const isDeviceRequest = (body: uplink.RequestBody): body is DeviceRequest =>
  isDeviceRequestKind(body.kind);

export const classOf = ({ kind }: DeviceRequest): RequestClass =>
  REQUEST_TRAITS[kind].changes ? 'changing' : 'reading';

/** The request as it goes to the device: what changes something carries the identifier that makes it one of a kind. */
export const identified = (body: DeviceRequest, requestId: string): DeviceRequest =>
  classOf(body) === 'reading'
    ? body
    : ({ kind: body.kind, value: { ...body.value, requestId } } as DeviceRequest);
