/** Whether implementations of others keep the contracts. */
export type { Check, CheckLevel, CheckOutcome, CheckResult } from './check.ts';
export { deviceChecks } from './device/device-checks.ts';
export { type DeviceTarget, type DeviceTargetOptions, openDeviceTarget } from './device/device-target.ts';
export { intermediaryChecks } from './intermediary/intermediary-checks.ts';
export {
  type IntermediaryTarget,
  type IntermediaryTargetOptions,
  openIntermediaryTarget,
} from './intermediary/intermediary-target.ts';
export { conforms, runChecks } from './run-checks.ts';
export { serverChecks } from './server/server-checks.ts';
export {
  type OperatorSide,
  openServerTarget,
  type ServerTarget,
  type ServerTargetOptions,
} from './server/server-target.ts';
export type { TargetConnection } from './target-connection.ts';
