/** The contracts of wsdl/ as TypeScript types, codecs and descriptors, and the registry of specification rows. */
export {
  type Contract,
  decodeDocument,
  type ElementCodec,
  elementCodec,
  type Operation,
  type OperationMap,
} from './codec/contract.ts';
export { type CodecCode, codecCatalogue, codecError, echo } from './codec/errors.ts';
export { escapeAttribute, escapeText } from './codec/escape.ts';
export type { ComplexType, ElementMember, GlobalElement, Schema, SimpleType } from './codec/schema.ts';
export {
  defaultXmlLimits,
  tokenise,
  type XmlAttribute,
  type XmlLimits,
  type XmlSink,
} from './codec/tokenise.ts';
export { DEVICE_SERVICE, DEVICE_TXT, LONGEST_LABEL } from './dns-sd.ts';
export { failureCodec } from './failure.ts';
export { contractFiles } from './generated/contract-files.ts';
export {
  type DeviceOperations,
  deviceContract,
  type IntermediaryOperations,
  intermediaryContract,
  type OperatorOperations,
  operatorContract,
  type UplinkOperations,
  uplinkContract,
} from './generated/contracts.ts';
export type * as device from './generated/device.ts';
export type * as intermediary from './generated/intermediary.ts';
export type * as operator from './generated/operator.ts';
export { schema } from './generated/schema.ts';
export type * as types from './generated/types.ts';
export type * as uplink from './generated/uplink.ts';
export { deliveryToJson } from './json/delivery-json.ts';
export { membersOf, soleList, toJson } from './json/element-json.ts';
export { fromJson } from './json/from-json.ts';
export {
  requestFromJson,
  requestToJson,
  requestType,
  responseFromJson,
  responseToJson,
} from './json/request-json.ts';
export {
  REMOTE_STEPS,
  type RemoteStep,
  type RemoteStepEvent,
  type StepEvent,
  type StepObserver,
  type UpdateStepEvent,
} from './remote-steps.ts';
export {
  type Addressee,
  isRemoteRequestKind,
  REMOTE_REQUEST_KINDS,
  REQUEST_TRAITS,
  type RemoteRequestKind,
  type RequestKind,
  type RequestTraits,
} from './request-kinds.ts';
export { type SpecRow, specRows } from './spec-rows.ts';
