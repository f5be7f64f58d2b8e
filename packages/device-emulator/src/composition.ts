/**
 * The programs of a device for whoever brings his own adapters: a simulation on a virtual clock and an in-memory network.
 * Not for other tiers.
 */
export { datelessClock } from './adapters/dateless-clock.ts';
export { contentsInMemory } from './adapters/files/file-contents.ts';
export type { DeviceMemory, NvRamContent } from './adapters/flash/nv-ram.ts';
export { profileNamed } from './adapters/profiles/profile-files.ts';
export { announce } from './announce.ts';
export { EngineControl } from './control/engine-control.ts';
export { OperationControl } from './control/operation-control.ts';
export { SystemControl } from './control/system-control.ts';
export type { DeviceSettings } from './device-settings.ts';
export { createDeviceLog } from './domain/device-log.ts';
export { createPanel, type Panel } from './domain/panel.ts';
export type { PanelOrderResult } from './domain/panel-order.ts';
export { type ComposedFirmware, composeFirmware, type FirmwareParts } from './firmware/compose-firmware.ts';
export type { InformationSource } from './firmware/device-information.ts';
export { type CallIntermediary, intermediaryLink, type UseLink } from './firmware/intermediary-link.ts';
export { START_NOTICE_ACTION, writeStartNotice } from './updater-program/notice.ts';
