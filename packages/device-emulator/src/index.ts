/** Emulated devices: firmware, compact updater program, storage, power and faults. */
export { corruptSlot } from './adapters/faults/faulty-slots.ts';
export {
  type FactoryComponent,
  isManufactured,
  type ManufactureOptions,
  manufactureDevice,
} from './adapters/manufacture.ts';
export { profileNamed, shippedProfiles } from './adapters/profiles/profile-files.ts';
export { type DeviceFleetConfig, type DeviceFleetConfigInput, deviceConfigSchema } from './config.ts';
export type { EngineJob, EngineTrouble, JobEnding, JobOrder, JobProgress } from './control/engine-types.ts';
export type { EnergySaverResult } from './control/operation-control.ts';
export { createDevice, type Device, type DeviceAddress } from './device.ts';
export type { DeviceEvent, DevicePorts } from './device-ports.ts';
export type { Address, DeviceIntermediary, DeviceSettings } from './device-settings.ts';
export type { DeviceView, PowerState } from './device-view.ts';
export type { EngineSignals, EngineState, SignalChange } from './domain/engine-power.ts';
export type { JobKind } from './domain/job-queue.ts';
export type { PanelOrderResult } from './domain/panel-order.ts';
export type { DeviceProfile } from './domain/profile.ts';
export type { CallOutcome, CallResult } from './domain/service-calls.ts';
export { DEVICE_ERRORS, type DeviceErrorCode } from './errors.ts';
export { type DeviceFaults, FAULTS, faultForms, parseFault, parseFaults } from './fault-table.ts';
export { checkDevices, type DeviceFleet, deviceDirectory, type FleetPorts, startDevices } from './main.ts';
export type { ProgramKind } from './program.ts';
